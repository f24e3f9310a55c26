// What may be done with a funnel: change, archive, bring back, delete. Each write shows what it forgets first.
import { useState } from 'react';
import { conversion } from '@admin-center/contracts/conversion';
import type { Funnel, funnelChangePreview } from '@admin-center/contracts/conversion-funnels';
import { Button, Stack } from '@grafana/ui';
import type { z } from 'zod';
import { ActionButton } from '../../../platform/ActionButton.tsx';
import { call } from '../../../platform/api.ts';
import { formatCount } from '../../../platform/format.ts';
import { roleNames, rolesWith, useMe } from '../../../platform/me.tsx';
import { FunnelEditor } from './FunnelEditor.tsx';

const PERMISSION = 'conversion:write';
const { deleteFunnel, previewFunnelChange, setFunnelState } = conversion.endpoints;

export function useMayDefine(): string | undefined {
  const { can } = useMe();
  return can(PERMISSION) ? undefined : `Needs the role ${roleNames(rolesWith(PERMISSION))}`;
}

const facts = ({ entries }: z.output<typeof funnelChangePreview>): ReadonlyArray<readonly [string, string]> => [['Entries that are forgotten', formatCount(entries)]];

export function FunnelActions({ funnel, onChanged }: { funnel: Funnel; onChanged: () => void }) {
  const refusal = useMayDefine();
  const [editing, setEditing] = useState(false);
  const { key, version, definition } = funnel;
  const params = { key };
  const preview = (kind: 'archive' | 'restore' | 'delete') => (signal: AbortSignal) => call(previewFunnelChange, { params, body: { change: { kind } } }, { signal });
  const common = { on: definition.name, permission: PERMISSION, facts, onDone: onChanged };
  return (
    <Stack direction="row" gap={1} justifyContent="flex-end">
      {funnel.state === 'active' ? (
        <>
          <Button size="sm" variant="secondary" icon="pen" disabled={refusal !== undefined} tooltip={refusal} aria-label={`Change ${definition.name}`} onClick={() => setEditing(true)}>
            Change
          </Button>
          <ActionButton
            {...common}
            label="Archive"
            icon="archive-alt"
            audit={setFunnelState.audit}
            title={`Archive ${definition.name}`}
            explanation="Its entries are forgotten and its series end. Bringing it back works them out again from the stream of events."
            confirmLabel="Archive the funnel"
            destructive
            preview={preview('archive')}
            execute={(confirmation, idempotencyKey) => call(setFunnelState, { params, body: { ...confirmation, state: 'archived', version } }, { idempotencyKey })}
          />
        </>
      ) : (
        <>
          <ActionButton
            {...common}
            label="Bring back"
            icon="history"
            audit={setFunnelState.audit}
            title={`Bring ${definition.name} back`}
            explanation="Its past is worked out again from the stream of events."
            confirmLabel="Bring the funnel back"
            preview={preview('restore')}
            execute={(confirmation, idempotencyKey) => call(setFunnelState, { params, body: { ...confirmation, state: 'active', version } }, { idempotencyKey })}
          />
          <ActionButton
            {...common}
            label="Delete"
            icon="trash-alt"
            audit={deleteFunnel.audit}
            title={`Delete ${definition.name}`}
            explanation="It goes with its versions; the audit log keeps what they were. This cannot be undone."
            confirmLabel="Delete the funnel"
            destructive
            preview={preview('delete')}
            execute={(confirmation, idempotencyKey) => call(deleteFunnel, { params, body: { ...confirmation, version } }, { idempotencyKey })}
          />
        </>
      )}
      {editing && <FunnelEditor funnel={funnel} onClose={() => setEditing(false)} onSaved={onChanged} />}
    </Stack>
  );
}
