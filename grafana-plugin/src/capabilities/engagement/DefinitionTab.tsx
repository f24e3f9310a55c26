// What makes a user active: every version with who made it and why, and the way to the next one.
import { useState } from 'react';
import { engagement } from '@admin-center/contracts/engagement';
import type { Definition } from '@admin-center/contracts/engagement-answers';
import { Badge, Stack, Text } from '@grafana/ui';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { Loaded } from '../../platform/Loaded.tsx';
import { byWhom } from '../../platform/format.ts';
import { formatInstant } from '../../platform/time.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { ChangeButton } from './ChangeButton.tsx';
import { DefinitionForm } from './DefinitionForm.tsx';
import type { TabProps } from './EngagementTabs.tsx';

const EVERYTHING = {};

export function DefinitionTab({ range }: TabProps) {
  const result = useApi(engagement.endpoints.definitions, EVERYTHING);
  useReload(result.reload, range.to);
  const [changing, setChanging] = useState(false);
  return (
    <Loaded result={result} what="the definition of active" compact>
      {({ items }, busy) => (
        <Stack direction="column" gap={2}>
          <Stack direction="row" gap={2} alignItems="center" wrap="wrap">
            <Text element="h3" variant="h5">
              What makes a user active (D1)
            </Text>
            <ChangeButton label="Change the definition" icon="pen" onClick={() => setChanging(true)} />
          </Stack>
          <DataTable label="Versions of the definition" columns={columns(items[0]?.version)} rows={items} rowKey={({ version }) => String(version)} busy={busy} />
          <Text element="p" color="secondary" variant="bodySmall">
            An event is judged when it arrives. A new version holds for what arrives from then on, is marked on the graphs, and never rewrites the past.
          </Text>
          {changing && items[0] && <DefinitionForm inForce={items[0]} onDone={() => setChanging(false)} onClose={() => setChanging(false)} />}
        </Stack>
      )}
    </Loaded>
  );
}

const columns = (inForce: number | undefined): ReadonlyArray<Column<Definition>> => [
  {
    id: 'version',
    header: 'Version',
    cell: ({ version }) => (
      <Stack direction="row" gap={1} alignItems="center">
        {version}
        {version === inForce && <Badge text="in force" color="green" />}
      </Stack>
    ),
  },
  { id: 'since', header: 'Effective from', cell: ({ since }) => (since === null ? 'the beginning' : formatInstant(since)) },
  { id: 'text', header: 'Definition', wrap: true, cell: ({ text }) => text },
  { id: 'by', header: 'By', cell: ({ createdBy }) => byWhom(createdBy), wideOnly: true },
  { id: 'reason', header: 'Reason', wrap: true, cell: ({ reason }) => reason, wideOnly: true },
];
