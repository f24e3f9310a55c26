// What a funnel costs on a history and on one ten times as long: working out its past, keeping it up with new events, its
// result and its live numbers. BENCH_EVENTS sets the longer history (2,500,000).
import { funnelDefinition } from '@admin-center/contracts/conversion-funnels';
import { createPool } from '@admin-center/platform/pool';
import { rollUpEverything } from '../../database/src/roll-up.ts';
import { createProduct, withScratchServer } from '../../database/testing/scratch.ts';
import { usersOf, writeNews, writeStream } from '../../database/bench/stream.ts';
import { previewDefinition } from '../src/capabilities/conversion/funnels/preview.ts';
import { readResult } from '../src/capabilities/conversion/funnels/result.ts';
import { createDatabase } from '../src/platform/database.ts';
import { quickest, timed } from './timing.ts';

export const name = 'Funnels by length of the history';

const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 2_500_000);
const NEWS = 1_000;
const DEFINITION = funnelDefinition.parse({ name: 'Bench', steps: [{ type: 'page', event: 'Pricing' }, { event: 'Event 1' }, { event: 'Event 2' }], exclusions: [{ event: 'Event 60', after: 1, before: 3 }] });

type Report = (row: Readonly<Record<string, string | number>>) => void;

export async function run(report: Report): Promise<void> {
  await withScratchServer({}, async (server) => {
    for (const events of [Math.round(EVENTS / 10), EVENTS]) {
      await measure(server.url, events, report);
    }
  });
}

async function measure(serverUrl: string, events: number, report: Report): Promise<void> {
  const { url } = await createProduct(serverUrl, `funnels_${events}`);
  const pool = createPool({ connectionString: url, applicationName: 'bench', max: 4, statementTimeoutMs: 1_800_000 });
  const database = createDatabase(pool);
  const stop = new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000);
  const users = usersOf(await writeStream(pool, events, stop));
  await pool.query('ANALYZE');
  await rollUpEverything(pool);
  const days = (count: number) => ({ from: new Date(stop.getTime() - count * 86_400_000).toISOString().slice(0, 10), to: stop.toISOString().slice(0, 10) });
  let refreshes = 0;
  const refresh = async (): Promise<number> => {
    await writeNews(pool, NEWS, users, stop, (refreshes += 1));
    return timed(() => pool.query('SELECT admin_center.roll_up_events()'));
  };
  const without = await quickest(refresh);
  await pool.query("INSERT INTO admin_center.funnel (key, definition) VALUES ('bench', $1)", [DEFINITION]);
  const preview = await quickest(() => timed(() => previewDefinition(database, DEFINITION, 7, stop)));
  const build = await timed(() => pool.query('DO $$ BEGIN WHILE admin_center.build_funnel_slice() LOOP NULL; END LOOP; END $$'));
  const { rows: [size] } = await pool.query<{ entries: number; mb: number }>("SELECT count(*)::integer AS entries, (pg_total_relation_size('admin_center.funnel_entry') / 1e6)::integer AS mb FROM admin_center.funnel_entry");
  await pool.query('ANALYZE admin_center.funnel_entry');
  report({
    events, 'entries kept': size?.entries ?? 0, 'MB': size?.mb ?? 0, 'past worked out, s': build / 1_000,
    [`refresh after ${NEWS} events without a funnel, ms`]: without, 'and with one, ms': await quickest(refresh),
    'preview of 7 days, ms': preview,
    'result of 30 days, ms': await quickest(() => timed(() => readResult(database, 'bench', { ...days(30), breakdown: 'none' }))),
    'of 180 days by country, ms': await quickest(() => timed(() => readResult(database, 'bench', { ...days(180), breakdown: 'country' }))),
    'live numbers, ms': await quickest(() => timed(() => pool.query('SELECT (SELECT count(*) FROM admin_center.funnel_now()), (SELECT count(*) FROM admin_center.funnel_elapsed_now())'))),
  });
  await pool.end();
}
