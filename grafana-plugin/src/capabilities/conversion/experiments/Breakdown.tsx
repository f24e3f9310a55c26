// The means split by what users were when they were exposed. Without intervals: many small groups differ by chance.
import { useState } from 'react';
import { conversion } from '@admin-center/contracts/conversion';
import { EXPERIMENT_BREAKDOWNS, SMALLEST_CELL, type ExperimentResult } from '@admin-center/contracts/conversion-experiments';
import { PanelChrome, Stack, Text } from '@grafana/ui';
import { Choice } from '../../../platform/Choice.tsx';
import { DataTable, type Column } from '../../../platform/DataTable.tsx';
import { formatCount } from '../../../platform/format.ts';
import { Loaded } from '../../../platform/Loaded.tsx';
import { Empty } from '../../../platform/states.tsx';
import { useApi } from '../../../platform/use-api.ts';
import { formatMean } from './words.ts';

type By = (typeof EXPERIMENT_BREAKDOWNS)[number];
const OPTIONS = EXPERIMENT_BREAKDOWNS.map((value) => ({ value, label: value }));

export function Breakdown({ result }: { result: ExperimentResult }) {
  const [by, setBy] = useState<By | ''>('');
  return (
    <PanelChrome title="Split" actions={<Choice label="Split by" value={by} options={OPTIONS} onChange={setBy} />}>
      {by === '' ? <Text color="secondary">Split the means by what users were when they were exposed.</Text> : <Rows result={result} by={by} />}
    </PanelChrome>
  );
}

interface Row {
  readonly value: string;
  readonly variants: ReadonlyArray<{ readonly variant: string; readonly users: number | null; readonly mean: number | null }>;
}

function Rows({ result: { flag, run, metric, variants }, by }: { result: ExperimentResult; by: By }) {
  const answer = useApi(conversion.endpoints.experimentBreakdown, { params: { flag }, query: { run, by } });
  const columns: ReadonlyArray<Column<Row>> = [
    { id: by, header: by, cell: ({ value }) => value },
    ...variants.map(({ variant }): Column<Row> => ({
      id: variant,
      header: variant,
      align: 'right',
      cell: (row) => {
        const cell = row.variants.find((each) => each.variant === variant);
        return cell === undefined || cell.users === null ? `fewer than ${SMALLEST_CELL}` : `${cell.mean === null ? '' : `${formatMean(cell.mean, metric)} of `}${formatCount(cell.users)}`;
      },
    })),
  ];
  return (
    <Loaded result={answer} what="the split" compact>
      {({ rows }, busy) =>
        rows.length === 0 ? (
          <Empty title="Nobody was exposed yet" compact />
        ) : (
          <Stack direction="column" gap={1}>
            <DataTable label={`Means by ${by}`} columns={columns} rows={rows} rowKey={({ value }) => value} busy={busy} />
            <Text color="secondary" variant="bodySmall">
              Some group nearly always stands out by chance. Take a split as a question for the next experiment.
            </Text>
          </Stack>
        )
      }
    </Loaded>
  );
}
