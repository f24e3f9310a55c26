// Contract, view, collector and API of a new capability. The example counts the accounts there are: something that every
// host has, so that all checks are green before the first line of one's own.
import type { Names } from './names.ts';

export function serviceFiles({ noun, camel, snake, title }: Names): [file: string, content: string][] {
  return [
    [
      `contracts/src/${noun}.ts`,
      `// ${title}: say in one line what an admin does with them. The example counts accounts.
import { z } from 'zod';
import { defineCapability } from './capability.ts';

const metric = { source: 'exporter', type: 'gauge' } as const;

export const ${camel} = defineCapability({
  noun: '${noun}',
  title: '${title}',
  permissions: {
    '${noun}:read': { description: 'See ${title.toLowerCase()}.', roles: ['super_admin', 'support_admin', 'finance_admin'] },
  },
  metrics: [{ ...metric, name: 'admincenter_${snake}', help: 'Accounts that exist, as an example of a count over time.', labels: {} }],
  endpoints: {
    count: { method: 'GET', path: '/api/v1/${noun}', permission: '${noun}:read', summary: 'How many there are now.', response: z.object({ count: z.number().int() }) },
  },
});
`,
    ],
    [
      `database/views/${noun}.sql`,
      `-- ${title}. No column of these views names a person.

-- One row per thing that is counted, with the time from which on it counts.
CREATE VIEW admin_center.${snake}_event AS
SELECT coalesce(created_at, 'epoch') AS at
FROM admin_center.account;

-- admincenter_${snake}: by how much the count changes at which instant of a grid (core.sql).
CREATE FUNCTION admin_center.${snake}_steps(grid timestamptz[])
RETURNS TABLE (fact text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  WITH counted AS (
    SELECT admin_center.grid_step(at, grid) AS step FROM admin_center.${snake}_event
  )
  SELECT 'count', step, count(*)
  FROM counted
  WHERE step < cardinality(grid)
  GROUP BY step
$$;

GRANT SELECT ON admin_center.${snake}_event TO admin_center_exporter, admin_center_api;
`,
    ],
    [
      `exporter/src/collectors/${noun}.ts`,
      `// ${title}, counted now and in the past.
import { ${camel} as capability } from '@admin-center/contracts/${noun}';
import type { Collector } from '../collector.ts';

export const ${camel}: Collector = {
  name: '${noun}',
  capability,
  intervalSeconds: 30,
  timeoutMs: 20_000,
  steps: ['SELECT * FROM admin_center.${snake}_steps($1)'],
  present: [],
  mayBeAbsent: [],
  samples: (facts) => [{ metric: 'admincenter_${snake}', labels: {}, value: facts.sum('count') }],
};
`,
    ],
    [
      `exporter/src/collectors/${noun}.test.ts`,
      `// ${title}: hand-computed vectors beside the conformance that every collector is held to.
import { describe, expect, test } from '@jest/globals';
import { describeCollector } from '../../test/describe-collector.ts';
import { freshDatabase } from '../../test/fresh-database.ts';
import { nonZero, observe } from '../../test/observe.ts';
import { ${camel} } from './${noun}.ts';

const NOON = new Date('2024-06-15T12:00:00Z');
const YESTERDAY = new Date('2024-06-14T12:00:00Z');

describeCollector(${camel}, { fill: async ({ make }) => void (await make.user()) });

describe('${noun}', () => {
  const fresh = freshDatabase();

  test('counts what is there at an instant, now or in the past', async () => {
    const { make } = fresh.database;
    await make.user({ createdAt: YESTERDAY });
    await make.user({ createdAt: NOON });
    expect(nonZero(await observe(fresh.pool, ${camel}, NOON), 'admincenter_${snake}')).toEqual({ '': 2 });
    expect(nonZero(await observe(fresh.pool, ${camel}, YESTERDAY), 'admincenter_${snake}')).toEqual({ '': 1 });
  });
});
`,
    ],
    [
      `actions-api/src/capabilities/${noun}/routes.ts`,
      `// Endpoints of ${title.toLowerCase()}.
import { ${camel} } from '@admin-center/contracts/${noun}';
import { type Route, route } from '../../platform/route.ts';
import type { Services } from '../../platform/services.ts';
import { count } from './store.ts';

const { endpoints } = ${camel};

export const ${camel}Routes = ({ database }: Services): Route[] => [route(endpoints.count, async () => ({ count: await count(database) }))];
`,
    ],
    [
      `actions-api/src/capabilities/${noun}/store.ts`,
      `// SQL of ${title.toLowerCase()}.
import { sql } from 'kysely';
import type { Database } from '../../platform/database.ts';

export async function count(database: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>\`SELECT count(*)::integer AS count FROM admin_center.${snake}_event\`.execute(database);
  return rows[0]?.count ?? 0;
}
`,
    ],
    [
      `actions-api/src/capabilities/${noun}/${noun}.test.ts`,
      `// ${title}: what their endpoints answer, beside what every endpoint is held to.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ${camel} } from '@admin-center/contracts/${noun}';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import { describeEndpoints } from '../../../test/describe-endpoints.ts';

describeEndpoints(${camel}, { count: async () => ({}) });

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

test('the count is of now', async () => {
  await api.db.make.admin({ email: 'ada@acme.example' });
  const ada = api.as({ email: 'ada@acme.example' });
  expect(await ada.get('/api/v1/${noun}')).toMatchObject({ status: 200, body: { count: 1 } });
  await api.db.make.user();
  expect(await ada.get('/api/v1/${noun}')).toMatchObject({ body: { count: 2 } });
});
`,
    ],
  ];
}
