// The keys by which programs reach the API: make one, rotate it, revoke it. A secret is shown once, right after.
import { useState } from 'react';
import { core } from '@admin-center/contracts/core';
import type { ProjectKeyRow } from '@admin-center/contracts/core-keys';
import { Button, PanelChrome, Stack } from '@grafana/ui';
import { ActionButton } from '../../platform/ActionButton.tsx';
import { call } from '../../platform/api.ts';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { Gate } from '../../platform/Gate.tsx';
import { Loaded } from '../../platform/Loaded.tsx';
import { roleNames, rolesWith, useMe } from '../../platform/me.tsx';
import { Empty } from '../../platform/states.tsx';
import { StatusBadge } from '../../platform/StatusBadge.tsx';
import { Ago } from '../../platform/time.tsx';
import { useApi } from '../../platform/use-api.ts';
import { NewKey, RotateKey } from './KeyForms.tsx';
import { KeySecret, type MadeKey } from './KeySecret.tsx';

const { keys, revokeKey } = core.endpoints;
const PERMISSION = 'core:write';

type Open = { readonly form: 'new' } | { readonly form: 'rotate'; readonly key: ProjectKeyRow };

export const ProjectKeys = () => (
  <PanelChrome title="Project keys" description="Programs show one of these instead of an admin's identity: the SDK in the host application a server key, browsers a client key.">
    <Gate permission="core:read" what="The project keys" compact>
      <Keys />
    </Gate>
  </PanelChrome>
);

function Keys() {
  const result = useApi(keys, {});
  const { can } = useMe();
  const [open, setOpen] = useState<Open>();
  const [made, setMade] = useState<MadeKey>();
  const refusal = can(PERMISSION) ? undefined : `Needs the role ${roleNames(rolesWith(PERMISSION))}`;
  const close = () => setOpen(undefined);
  const show = (fresh: MadeKey) => {
    close();
    setMade(fresh);
    result.reload();
  };
  return (
    <Stack direction="column" gap={1}>
      <Stack direction="row">
        <Button icon="plus" disabled={refusal !== undefined} tooltip={refusal} onClick={() => setOpen({ form: 'new' })}>
          New key
        </Button>
      </Stack>
      <Loaded result={result} what="the project keys" compact>
        {({ items }, busy) =>
          items.length === 0 ? (
            <Empty title="There is no project key yet" compact />
          ) : (
            <DataTable label="Project keys" columns={columns({ refusal, rotate: (key) => setOpen({ form: 'rotate', key }), reload: result.reload })} rows={items} rowKey={({ id }) => id} busy={busy} />
          )
        }
      </Loaded>
      {open?.form === 'new' && <NewKey onClose={close} onMade={show} />}
      {open?.form === 'rotate' && <RotateKey keyRow={open.key} onClose={close} onMade={show} />}
      {made && <KeySecret made={made} onClose={() => setMade(undefined)} />}
    </Stack>
  );
}

interface Actions {
  readonly refusal: string | undefined;
  readonly rotate: (key: ProjectKeyRow) => void;
  readonly reload: () => void;
}

const columns = (actions: Actions): ReadonlyArray<Column<ProjectKeyRow>> => [
  { id: 'name', header: 'Used by', cell: ({ name }) => name, wrap: true },
  { id: 'key', header: 'Key', cell: ({ prefix, last4 }) => <code>{`${prefix}_…${last4}`}</code> },
  { id: 'kind', header: 'Kind', cell: ({ kind }) => kind },
  { id: 'state', header: 'State', cell: ({ state }) => <StatusBadge status={state} /> },
  { id: 'lastUsedAt', header: 'Last used', cell: ({ lastUsedAt }) => <Ago at={lastUsedAt} />, wideOnly: true },
  { id: 'expiresAt', header: 'Good until', cell: ({ expiresAt, revokedAt }) => <Ago at={revokedAt ?? expiresAt} />, wideOnly: true },
  { id: 'createdAt', header: 'Made', cell: ({ createdAt }) => <Ago at={createdAt} />, wideOnly: true },
  { id: 'actions', header: 'Action', align: 'right', cell: (key) => <KeyActions row={key} {...actions} /> },
];

function KeyActions({ row, refusal, rotate, reload }: Actions & { row: ProjectKeyRow }) {
  const over = row.state === 'revoked' || row.state === 'expired';
  const why = over ? `This key is ${row.state}.` : undefined;
  const whyNotRotate = refusal ?? why ?? (row.replacedBy === null ? undefined : 'This key was rotated already.');
  return (
    <Stack direction="row" gap={1} justifyContent="flex-end">
      <Button size="sm" variant="secondary" icon="sync" disabled={whyNotRotate !== undefined} tooltip={whyNotRotate} aria-label={`Rotate ${row.name}`} onClick={() => rotate(row)}>
        Rotate
      </Button>
      <ActionButton
        label="Revoke"
        on={row.name}
        icon="ban"
        permission={PERMISSION}
        refusal={why}
        audit={revokeKey.audit}
        title={`Revoke the key of ${row.name}`}
        explanation="What uses it is refused within a second. A key cannot be brought back; what needs one gets a new one."
        confirmLabel="Revoke the key"
        destructive
        execute={({ reason }, idempotencyKey) => call(revokeKey, { params: { keyId: row.id }, body: { reason } }, { idempotencyKey })}
        onDone={reload}
      />
    </Stack>
  );
}
