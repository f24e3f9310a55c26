// Keeps the newest results of running experiments where the exporter reads them: the statistics are here, and the exporter
// only reads SQL (docs/decisions/0017). Also follows payments, which are no events.
import type { Logger } from '@admin-center/platform/log';
import type { Clock } from '@admin-center/platform/clock';
import { sql } from 'kysely';
import { type Database, limitStatements } from '../../../platform/database.ts';
import type { Job } from '../../../platform/jobs/queue.ts';
import { assess } from './assess.ts';
import { readDays, readExperiments } from './store.ts';

const LONG_MS = 5 * 60_000;
const PAYERS_AT_ONCE = 10_000;

interface Fact {
  readonly experiment: number;
  readonly fact: 'exposed' | 'srm' | 'effect';
  readonly variant: string;
  readonly bound: '' | 'lower' | 'point' | 'upper';
  readonly value: number;
}

/** Replaces the facts of all experiments at once, so a series never mixes two moments. */
export async function keepResults(database: Database, now: Date): Promise<number> {
  return database.transaction().execute(async (tx) => {
    await limitStatements(tx, LONG_MS);
    const experiments = await readExperiments(tx, { running: true });
    const days = await readDays(tx, experiments.map(({ id }) => id));
    const facts = experiments.flatMap((experiment): Fact[] => {
      const { variants, ratio } = assess(experiment, days.get(experiment.id) ?? [], [], now);
      const fact = (name: Fact['fact'], value: number | null | undefined, variant = '', bound: Fact['bound'] = ''): Fact[] =>
        value === null || value === undefined || !Number.isFinite(value) ? [] : [{ experiment: experiment.id, fact: name, variant, bound, value }];
      return [
        ...fact('srm', ratio.anytimeP),
        ...variants.flatMap(({ variant, users, effect, adjusted }) => {
          const relative = (adjusted ?? effect)?.relative;
          return [...fact('exposed', users, variant), ...fact('effect', relative?.lower, variant, 'lower'), ...fact('effect', relative?.point, variant, 'point'), ...fact('effect', relative?.upper, variant, 'upper')];
        }),
      ];
    });
    await sql`DELETE FROM admin_center.experiment_result`.execute(tx);
    await sql`
      INSERT INTO admin_center.experiment_result (experiment, fact, variant, bound, value)
      SELECT experiment, fact, variant, bound, value FROM jsonb_to_recordset(${JSON.stringify(facts)}::jsonb) AS facts (experiment integer, fact text, variant text, bound text, value double precision)
    `.execute(tx);
    return facts.length;
  });
}

/** Some thousand users in a transaction: the rollup waits for no more. @param full also payments that did not change lately */
export async function followPayments(database: Database, full: boolean): Promise<void> {
  for (let settled = PAYERS_AT_ONCE; settled === PAYERS_AT_ONCE; ) {
    settled = await database.transaction().execute(async (tx) => {
      await limitStatements(tx, LONG_MS);
      const { rows } = await sql<{ settled: number }>`SELECT admin_center.refresh_experiment_payments(${full}::boolean, ${PAYERS_AT_ONCE}::integer) AS settled`.execute(tx);
      return rows[0]?.settled ?? 0;
    });
  }
}

export const experimentJobs = ({ database, clock, log }: { readonly database: Database; readonly clock: Clock; readonly log: Logger }): readonly Job[] => [
  { name: 'follow-experiment-payments', cron: '* * * * *', atStart: true, run: () => followPayments(database, false) },
  { name: 'reconcile-experiment-payments', cron: '37 * * * *', atStart: false, run: () => followPayments(database, true) },
  {
    name: 'keep-experiment-results', cron: '* * * * *', repeatAfterSeconds: 15, atStart: true,
    run: async () => log.debug({ facts: await keepResults(database, clock()) }, 'kept the results of experiments'),
  },
];
