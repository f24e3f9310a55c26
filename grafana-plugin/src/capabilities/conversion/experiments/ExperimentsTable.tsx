// Experiments with what each says so far.
import type { ExperimentSummary } from '@admin-center/contracts/conversion-experiments';
import { TextLink } from '@grafana/ui';
import { DataTable, type Column } from '../../../platform/DataTable.tsx';
import { formatCount } from '../../../platform/format.ts';
import { Ago } from '../../../platform/time.tsx';
import { RatioBadge, RunBadge, VerdictBadge } from './badges.tsx';
import { experimentUrl, formatDays } from './words.ts';

const COLUMNS: ReadonlyArray<Column<ExperimentSummary>> = [
  {
    id: 'experiment',
    header: 'Experiment',
    cell: ({ flag, name }) => (
      <TextLink href={experimentUrl(flag)} inline={false}>
        {name}
      </TextLink>
    ),
  },
  { id: 'state', header: 'State', cell: ({ state }) => <RunBadge state={state} /> },
  { id: 'verdict', header: 'Verdict', cell: ({ verdict }) => <VerdictBadge verdict={verdict} /> },
  { id: 'says', header: 'In words', wrap: true, cell: ({ verdict }) => verdict.text },
  { id: 'exposed', header: 'Exposed', align: 'right', cell: ({ exposed }) => formatCount(exposed) },
  { id: 'ratio', header: 'Sample ratio', cell: ({ ratio }) => <RatioBadge ratio={ratio} /> },
  { id: 'decision', header: 'Decision', wideOnly: true, cell: ({ state, daysToDecision }) => (state === 'stopped' ? 'stopped' : formatDays(daysToDecision)) },
  { id: 'started', header: 'Started', wideOnly: true, cell: ({ startedAt }) => <Ago at={startedAt} /> },
];

export const ExperimentsTable = ({ experiments, busy }: { experiments: readonly ExperimentSummary[]; busy: boolean }) => (
  <DataTable label="Experiments" columns={COLUMNS} rows={experiments} rowKey={({ flag }) => flag} busy={busy} />
);
