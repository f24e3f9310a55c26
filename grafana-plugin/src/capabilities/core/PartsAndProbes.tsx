// The health of each part of the product, and what the host adapter found in the database.
import type { z } from 'zod';
import { core, type part, type probe } from '@admin-center/contracts/core';
import { Badge, Icon, PanelChrome, Stack, Text } from '@grafana/ui';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { words } from '../../platform/format.ts';
import { Gate } from '../../platform/Gate.tsx';
import { Loaded } from '../../platform/Loaded.tsx';
import type { PageRange } from '../../platform/scene/ranged.tsx';
import { Empty } from '../../platform/states.tsx';
import { StatusBadge } from '../../platform/StatusBadge.tsx';
import { Ago } from '../../platform/time.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';

type Part = z.output<typeof part>;
type Probe = z.output<typeof probe>;

const partColumns: ReadonlyArray<Column<Part>> = [
  { id: 'name', header: 'Part', cell: ({ name }) => words(name.replaceAll('-', ' ')) },
  { id: 'state', header: 'State', cell: ({ state }) => <StatusBadge status={state} /> },
  { id: 'detail', header: 'Detail', cell: ({ detail }) => detail, wrap: true },
  { id: 'checkedAt', header: 'Checked', cell: ({ checkedAt }) => <Ago at={checkedAt} />, wideOnly: true },
];

function Parts({ range }: { range: PageRange }) {
  const result = useApi(core.endpoints.parts, {});
  useReload(result.reload, range.to);
  return (
    <Loaded result={result} what="the parts" compact>
      {({ items }, busy) => <DataTable label="Parts" columns={partColumns} rows={items} rowKey={({ name }) => name} busy={busy} />}
    </Loaded>
  );
}

const Found = ({ found }: { found: boolean }) =>
  found ? <Badge text="found" color="green" icon="check" /> : <Badge text="not there" color="orange" icon="minus" />;

const probeColumns: ReadonlyArray<Column<Probe>> = [
  { id: 'name', header: 'Name', cell: ({ name }) => <code>{name}</code> },
  { id: 'kind', header: 'Kind', cell: ({ kind }) => kind },
  { id: 'found', header: 'Found', cell: ({ found }) => <Found found={found} /> },
  { id: 'detail', header: 'What it is for', cell: ({ detail }) => detail, wrap: true, wideOnly: true },
];

/** What is missing comes first. */
const missingFirst = (probes: readonly Probe[]): Probe[] => [...probes].sort((a, b) => Number(a.found) - Number(b.found) || a.name.localeCompare(b.name));

function Probes() {
  const result = useApi(core.endpoints.probes, {});
  return (
    <Loaded result={result} what="what was found" compact>
      {({ items }, busy) => {
        const missing = items.filter(({ found }) => !found).length;
        return items.length === 0 ? (
          <Empty title="The database has not been probed yet" compact />
        ) : (
          <Stack direction="column" gap={1}>
            <Text color="secondary">
              <Icon name="info-circle" /> {missing === 0 ? 'Everything that can be used is there.' : `${missing} of ${items.length} optional pieces are not in this database. The product works without them.`}
            </Text>
            <DataTable label="What was found in the database" columns={probeColumns} rows={missingFirst(items)} rowKey={({ kind, name }) => `${kind} ${name}`} busy={busy} />
          </Stack>
        );
      }}
    </Loaded>
  );
}

export const PartsAndProbes = ({ range }: { range: PageRange }) => (
  <Stack direction="column" gap={1}>
    <PanelChrome title="Parts of the product">
      <Gate permission="core:read" what="The health of the parts" compact>
        <Parts range={range} />
      </Gate>
    </PanelChrome>
    <PanelChrome title="What was found in the host's database" description="The adapter looks for optional tables, columns and extensions when the product is migrated.">
      <Gate permission="core:read" what="The host's database" compact>
        <Probes />
      </Gate>
    </PanelChrome>
  </Stack>
);
