import { expect, test } from '@jest/globals';
import { describeCollector } from '../../test/describe-collector.ts';
import { freshDatabase } from '../../test/fresh-database.ts';
import { observe } from '../../test/observe.ts';
import { core } from './core.ts';

describeCollector(core, { fill: async () => undefined });

const fresh = freshDatabase();

test('every probe of the host is 1 or 0', async () => {
  const { rows } = await fresh.database.pool.query<{ name: string; found: boolean }>('SELECT name, found FROM admin_center.host_probe');
  expect(rows.length).toBeGreaterThan(3);
  const scraped = await observe(fresh.pool, core);
  expect(Object.fromEntries(scraped)).toEqual(Object.fromEntries(rows.map(({ name, found }) => [`admincenter_host_probe_found{probe="${name}"}`, found ? 1 : 0])));
});
