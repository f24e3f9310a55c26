// The last evaluation of each guardrail: the number, the bound, and whether it holds.
import type { FlagDefinition } from '@admin-center/contracts/flags-definition';
import type { GuardrailResult } from '@admin-center/contracts/flags-ramp';
import { Badge, Tooltip } from '@grafana/ui';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { formatCount, formatValue } from '../../platform/format.ts';
import { Ago } from '../../platform/time.tsx';

const STATES = { ok: { text: 'holds', color: 'green' }, hold: { text: 'cannot be judged', color: 'orange' }, violation: { text: 'violated', color: 'red' } } as const;

const columns = (guardrails: FlagDefinition['guardrails']): ReadonlyArray<Column<GuardrailResult>> => [
  {
    id: 'guardrail',
    header: 'Guardrail',
    cell: ({ guardrail, query }) => (
      <Tooltip content={query}>
        <span>{guardrail}</span>
      </Tooltip>
    ),
  },
  { id: 'state', header: 'State', cell: ({ state }) => <Badge text={STATES[state].text} color={STATES[state].color} /> },
  { id: 'value', header: 'Value', align: 'right', cell: ({ value }) => (value === null ? '–' : formatValue(value, 'short', 4)) },
  {
    id: 'bound',
    header: 'Breached when',
    cell: ({ guardrail }) => {
      const found = guardrails.find(({ name }) => name === guardrail);
      return found ? `${found.comparison} ${found.threshold}` : '–';
    },
  },
  { id: 'sample', header: 'Sample', align: 'right', cell: ({ sample }) => (sample === null ? '–' : formatCount(sample)) },
  { id: 'message', header: 'What it means', cell: ({ message }) => message, wrap: true, wideOnly: true },
  { id: 'at', header: 'Asked', cell: ({ at }) => <Ago at={at} /> },
];

export const GuardrailTable = ({ results, guardrails }: { results: readonly GuardrailResult[]; guardrails: FlagDefinition['guardrails'] }) => (
  <DataTable label="Guardrails" columns={columns(guardrails)} rows={results} rowKey={({ guardrail }) => guardrail} />
);
