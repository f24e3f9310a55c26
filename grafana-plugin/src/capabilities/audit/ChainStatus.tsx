// Whether the chain of hashes holds, when that was last checked, and what to do when it does not.
import { useState } from 'react';
import { audit, type ChainStatus as Chain } from '@admin-center/contracts/audit';
import { Alert, Button, Icon, PanelChrome, Stack, Text } from '@grafana/ui';
import { adminActions } from '../../platform/admin-actions.ts';
import { call } from '../../platform/api.ts';
import { toApiError } from '../../platform/api-error.ts';
import { ConfirmAction } from '../../platform/ConfirmAction.tsx';
import { formatCount, plural } from '../../platform/format.ts';
import { randomKey } from '../../platform/intent.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import type { PageRange } from '../../platform/scene/ranged.tsx';
import { roleNames, rolesWith, useMe } from '../../platform/me.tsx';
import { Ago } from '../../platform/time.tsx';
import { toastError, toastSuccess } from '../../platform/toast.ts';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';

const PERMISSION = 'audit:write';

export function ChainStatus({ range }: { range?: PageRange }) {
  const result = useApi(audit.endpoints.chain, {});
  useReload(result.reload, range?.to);
  return (
    <PanelChrome title="Chain of hashes" description="Each entry's hash covers the entry before it: changing, removing or inserting one breaks every hash after it.">
      <Loaded result={result} what="the state of the chain" compact>
        {(chain) => <ChainView chain={chain} onChanged={result.reload} />}
      </Loaded>
    </PanelChrome>
  );
}

function ChainView({ chain, onChanged }: { chain: Chain; onChanged: () => void }) {
  if (chain.verifiedAt === null && chain.problems.length === 0) {
    return (
      <Stack direction="row" gap={2} alignItems="center" justifyContent="space-between" wrap="wrap">
        <Text color="secondary">Not verified yet; {plural(chain.headSequence, 'entry', 'entries')} so far.</Text>
        <VerifyButton onChanged={onChanged} />
      </Stack>
    );
  }
  return chain.valid ? <Intact chain={chain} onChanged={onChanged} /> : <Broken chain={chain} onChanged={onChanged} />;
}

function Intact({ chain, onChanged }: { chain: Chain; onChanged: () => void }) {
  return (
    <Stack direction="row" gap={2} alignItems="center" justifyContent="space-between" wrap="wrap">
      <Stack direction="row" gap={1} alignItems="center">
        <Text color="success">
          <Icon name="shield" size="lg" />
        </Text>
        <Text>
          <strong>Intact.</strong> {formatCount(chain.checked)} entries checked, newest is no. {chain.headSequence}, verified <Ago at={chain.verifiedAt} />.
        </Text>
      </Stack>
      <VerifyButton onChanged={onChanged} />
    </Stack>
  );
}

function Broken({ chain, onChanged }: { chain: Chain; onChanged: () => void }) {
  const { can } = useMe();
  const [acknowledging, setAcknowledging] = useState(false);
  return (
    <Alert severity="error" title={chain.acknowledged ? 'The chain is broken; this was acknowledged' : 'The chain is broken'} bottomSpacing={0}>
      <ul>
        {chain.problems.map(({ sequence, kind, detail }) => (
          <li key={`${kind} ${sequence} ${detail}`}>
            <strong>{kind}</strong>
            {sequence === null ? '' : ` at entry ${sequence}`}: {detail}
          </li>
        ))}
      </ul>
      <Stack direction="row" gap={1}>
        <VerifyButton onChanged={onChanged} />
        {!chain.acknowledged && (
          <Button size="sm" variant="destructive" disabled={!can(PERMISSION)} onClick={() => setAcknowledging(true)}>
            Acknowledge…
          </Button>
        )}
      </Stack>
      {acknowledging && (
        <ConfirmAction
          title="Acknowledge the broken chain"
          explanation="Say what was found out. The alert ends, the break stays on record, and verification goes on from here."
          confirmLabel="Acknowledge"
          destructive
          execute={({ reason }, idempotencyKey) => call(audit.endpoints.acknowledge, { body: { reason } }, { idempotencyKey })}
          onClose={() => setAcknowledging(false)}
          onDone={() => {
            setAcknowledging(false);
            adminActions.next({ action: audit.endpoints.acknowledge.audit, auditSequence: null });
            onChanged();
          }}
        />
      )}
    </Alert>
  );
}

function VerifyButton({ onChanged }: { onChanged: () => void }) {
  const { can } = useMe();
  const [busy, setBusy] = useState(false);
  const allowed = can(PERMISSION);
  const verify = async () => {
    setBusy(true);
    try {
      const { valid, checked } = await call(audit.endpoints.verify, {}, { idempotencyKey: randomKey() });
      (valid ? toastSuccess : toastError)(valid ? 'The chain is intact' : 'The chain is broken', `${formatCount(checked)} entries checked.`);
      adminActions.next({ action: audit.endpoints.verify.audit, auditSequence: null });
      onChanged();
    } catch (error) {
      toastError('The chain was not verified', toApiError(error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      size="sm"
      variant="secondary"
      icon={busy ? 'spinner' : 'sync'}
      disabled={!allowed || busy}
      tooltip={allowed ? undefined : `Needs the role ${roleNames(rolesWith(PERMISSION))}`}
      onClick={() => void verify()}
    >
      Verify now
    </Button>
  );
}
