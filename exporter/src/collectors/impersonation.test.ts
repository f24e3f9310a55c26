import { expect, test } from '@jest/globals';
import { describeCollector } from '../../test/describe-collector.ts';
import { freshDatabase } from '../../test/fresh-database.ts';
import { observe } from '../../test/observe.ts';
import { impersonation } from './impersonation.ts';

describeCollector(impersonation, { fill: async () => undefined });

const fresh = freshDatabase();

/** @param startedAgo seconds; null: the code still waits */
async function session(startedAgo: number | null, outcome: 'ended' | 'expired' | null = null): Promise<void> {
  await fresh.database.pool.query(
    `INSERT INTO admin_center.impersonation_session
       (state, admin_id, admin_subject, admin_email, admin_role, user_id, scope, minutes, reason, reason_class, code_hash, code_expires_at, started_at, ends_at, hard_ends_at, ended_at, end_cause)
     SELECT coalesce($2, CASE WHEN at IS NULL THEN 'requested' ELSE 'active' END), gen_random_uuid(), 'user:1', 'ada@acme.example', 'super_admin', gen_random_uuid(), 'read', 30, 'A ticket about it.', 'other',
       sha256(gen_random_uuid()::text::bytea), now(), at, at + interval '30 minutes', at + interval '60 minutes', CASE WHEN $2 IS NOT NULL THEN now() END, CASE WHEN $2 IS NOT NULL THEN 'ended_by_admin' END
     FROM (SELECT now() - $1 * interval '1 second' AS at) started`,
    [startedAgo, outcome],
  );
}

test('without a session there is no oldest one', async () => {
  expect((await observe(fresh.pool, impersonation)).get('admincenter_impersonation_oldest_active_age_seconds')).toBe(0);
});

test('sessions are counted by state; the oldest active one is the one that started first, those that are over do not count', async () => {
  await session(null);
  await session(120);
  await session(3_700);
  await session(9_000, 'ended');
  await session(9_000, 'expired');
  const scraped = await observe(fresh.pool, impersonation);
  const of = (state: string) => scraped.get(`admincenter_impersonation_sessions{state="${state}"}`);
  expect(['requested', 'active', 'ended', 'expired', 'refused', 'revoked'].map(of)).toEqual([1, 2, 1, 1, 0, 0]);
  const age = scraped.get('admincenter_impersonation_oldest_active_age_seconds') ?? 0;
  expect(age).toBeGreaterThanOrEqual(3_700);
  expect(age).toBeLessThan(3_760);
});

test('ends and refused actions are what the tally says', async () => {
  await fresh.database.pool.query(`SELECT
    admin_center.tally_add('admincenter_impersonation_sessions_total', '{"reason_class": "bug_investigation", "outcome": "revoked"}', 2),
    admin_center.tally_add('admincenter_impersonation_blocked_actions_total', '{"action_class": "password"}', 3)`);
  const scraped = await observe(fresh.pool, impersonation);
  expect(scraped.get('admincenter_impersonation_sessions_total{reason_class="bug_investigation",outcome="revoked"}')).toBe(2);
  expect(scraped.get('admincenter_impersonation_blocked_actions_total{action_class="password"}')).toBe(3);
});
