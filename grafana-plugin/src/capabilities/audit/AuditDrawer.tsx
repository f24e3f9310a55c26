// One audit entry in full: who, what, why, what changed, and its place in the chain.
import type { ReactNode } from 'react';
import type { AuditEntry } from '@admin-center/contracts/audit';
import { Drawer, Stack, Text } from '@grafana/ui';
import { Facts } from '../../platform/Facts.tsx';
import { words } from '../../platform/format.ts';
import { StatusBadge } from '../../platform/StatusBadge.tsx';
import { formatInstant } from '../../platform/time.tsx';
import { actorName, Target } from './audit-columns.tsx';
import { EraseButton } from './EraseButton.tsx';
import { fieldChanges } from './changes.ts';
import { ChangesTable } from './ChangesTable.tsx';

interface Props {
  readonly entry: AuditEntry;
  readonly onClose: () => void;
  readonly onErased: (entry: AuditEntry) => void;
}

export function AuditDrawer({ entry, onClose, onErased }: Props) {
  const changes = fieldChanges(entry.before, entry.after);
  const facts: ReadonlyArray<readonly [string, ReactNode]> = [
    ['When', formatInstant(entry.at)],
    ['By', `${actorName(entry)} (${words(entry.actor.role)})`],
    ['On', <Target key="target" target={entry.target} />],
    ['Outcome', <StatusBadge key="outcome" status={entry.outcome} />],
    ['Reason', entry.reason ?? 'none given'],
    ['Request', entry.requestId ?? '–'],
    ['Hash', <code key="hash">{entry.hash}</code>],
    ...(entry.erasedAt ? [['Details', `erased on ${formatInstant(entry.erasedAt)}`] as const] : []),
  ];
  return (
    <Drawer title={`Entry ${entry.sequence}: ${entry.action}`} onClose={onClose} size="md">
      <Stack direction="column" gap={3}>
        <Facts facts={facts} label="The entry" />
        <Text element="h3" variant="h5">
          What changed
        </Text>
        {changes.length === 0 ? <Text color="secondary">The action changed no fields.</Text> : <ChangesTable changes={changes} />}
        <EraseButton entry={entry} onErased={onErased} />
      </Stack>
    </Drawer>
  );
}
