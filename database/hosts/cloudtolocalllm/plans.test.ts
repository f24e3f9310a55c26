// A lookup of one user reaches through every view into the host's tables: no view is computed whole for it.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../src/testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const USER = '11111111-2222-4333-8444-555555555555';

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Recheck Cond'?: string;
  readonly Filter?: string;
  readonly Plans?: readonly Node[];
}

async function scansOf(view: string): Promise<Node[]> {
  const { rows } = await database.pool.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(`EXPLAIN (FORMAT json) SELECT * FROM ${view} WHERE user_id = '${USER}'`);
  const scans: Node[] = [];
  const walk = (node: Node): void => {
    if (node['Relation Name'] !== undefined) {
      scans.push(node);
    }
    node.Plans?.forEach(walk);
  };
  walk((rows[0] as (typeof rows)[number])['QUERY PLAN'][0].Plan);
  return scans;
}

test.each([
  ['identity', ['users']],
  ['account', ['users']],
  ['session', ['user_sessions']],
  ['subscription', ['subscriptions']],
  ['entitlement', ['subscriptions', 'users']],
  ['payment', ['payment_transactions']],
  ['admin', ['admin_roles', 'users']],
  ['qualifying_event', ['user_sessions', 'users']],
])('%s', async (view, tables) => {
  const scans = await scansOf(view);
  for (const table of tables) {
    const ofTable = scans.filter((scan) => scan['Relation Name'] === table);
    expect(ofTable.length).toBeGreaterThan(0);
    for (const scan of ofTable) {
      expect(`${scan['Index Cond']} ${scan['Recheck Cond']} ${scan.Filter}`).toContain(USER);
    }
  }
});
