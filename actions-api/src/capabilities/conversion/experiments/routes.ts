// Endpoints of experiments. All of them read.
import { experimentEndpoints as endpoints, type ExperimentSummary, experimentSummary, SMALLEST_CELL } from '@admin-center/contracts/conversion-experiments';
import { requirePermission } from '../../../platform/auth/admins.ts';
import { readSnapshot } from '../../../platform/database.ts';
import { type Route, route } from '../../../platform/route.ts';
import type { Services } from '../../../platform/services.ts';
import { assess } from './assess.ts';
import { listExposed } from './people.ts';
import { type BreakdownRow, readBreakdown, readDays, readExperiment, readExperiments, readGuardrails, readRuns } from './store.ts';

const PATIENCE_MS = 20_000;

export const experimentRoutes = ({ database, clock }: Services): Route[] => [
  route(endpoints.experiments, () => readSnapshot(database, PATIENCE_MS, async (tx) => {
    const experiments = await readExperiments(tx);
    const days = await readDays(tx, experiments.map(({ id }) => id));
    const items: ExperimentSummary[] = [];
    for (const experiment of experiments) {
      items.push(experimentSummary.parse(assess(experiment, days.get(experiment.id) ?? [], await readGuardrails(tx, experiment), clock())));
    }
    return { items };
  })),
  route(endpoints.experiment, ({ params: { flag }, query: { run } }) => readSnapshot(database, PATIENCE_MS, async (tx) => {
    const experiment = await readExperiment(tx, flag, run);
    const runs = await readRuns(tx, flag);
    const days = await readDays(tx, [experiment.id]);
    return {
      ...assess(experiment, days.get(experiment.id) ?? [], await readGuardrails(tx, experiment), clock()),
      runs: runs.map((each) => ({ run: each.run, startedAt: each.startedAt.toISOString(), stoppedAt: each.stoppedAt?.toISOString() ?? null })),
    };
  })),
  route(endpoints.experimentBreakdown, ({ params: { flag }, query: { run, by } }) => readSnapshot(database, PATIENCE_MS, async (tx) => {
    const experiment = await readExperiment(tx, flag, run);
    return { rows: grouped(await readBreakdown(tx, experiment, by), experiment.variants, experiment.metricKind !== null) };
  })),
  route(endpoints.experimentUsers, async ({ params: { flag }, query: { run, ...query } }, { actor }) => {
    requirePermission(actor, 'users:read');
    return readSnapshot(database, PATIENCE_MS, async (tx) => listExposed(tx, await readExperiment(tx, flag, run), query));
  }),
];

/** Small cells are left empty, whatever is in them. */
const grouped = (rows: readonly BreakdownRow[], variants: readonly string[], isComputable: boolean) =>
  [...Map.groupBy(rows, ({ value }) => value)].map(([value, cells]) => ({
    value,
    variants: variants.map((variant) => {
      const cell = cells.find((each) => each.variant === variant);
      const isShown = cell !== undefined && cell.users >= SMALLEST_CELL;
      return { variant, users: isShown ? cell.users : null, mean: isShown && isComputable ? cell.mean : null };
    }),
  }));
