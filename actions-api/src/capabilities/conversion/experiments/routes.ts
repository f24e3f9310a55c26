// Endpoints of experiments. All of them read.
import { experimentEndpoints as endpoints, type ExperimentSummary, experimentSummary, SMALLEST_CELL } from '@admin-center/contracts/conversion-experiments';
import { requirePermission } from '../../../platform/auth/admins.ts';
import { type Route, route } from '../../../platform/route.ts';
import type { Services } from '../../../platform/services.ts';
import { assess } from './assess.ts';
import { listExposed } from './people.ts';
import { type BreakdownRow, readBreakdown, readDays, readExperiment, readExperiments, readGuardrails, readRuns } from './store.ts';

export const experimentRoutes = ({ database, clock }: Services): Route[] => [
  route(endpoints.experiments, async () => {
    const experiments = await readExperiments(database);
    const days = await readDays(database, experiments.map(({ id }) => id));
    const items: ExperimentSummary[] = [];
    for (const experiment of experiments) {
      items.push(experimentSummary.parse(assess(experiment, days.get(experiment.id) ?? [], await readGuardrails(database, experiment), clock())));
    }
    return { items };
  }),
  route(endpoints.experiment, async ({ params: { flag }, query: { run } }) => {
    const experiment = await readExperiment(database, flag, run);
    const runs = await readRuns(database, flag);
    const days = await readDays(database, [experiment.id]);
    return {
      ...assess(experiment, days.get(experiment.id) ?? [], await readGuardrails(database, experiment), clock()),
      runs: runs.map((each) => ({ run: each.run, startedAt: each.startedAt.toISOString(), stoppedAt: each.stoppedAt?.toISOString() ?? null })),
    };
  }),
  route(endpoints.experimentBreakdown, async ({ params: { flag }, query: { run, by } }) => {
    const experiment = await readExperiment(database, flag, run);
    return { rows: grouped(await readBreakdown(database, experiment, by), experiment.variants, experiment.metricKind !== null) };
  }),
  route(endpoints.experimentUsers, async ({ params: { flag }, query: { run, ...query } }, { actor }) => {
    requirePermission(actor, 'users:read');
    return listExposed(database, await readExperiment(database, flag, run), query);
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
