// Past and present of a counter are one: its past ends at what was counted, and what left no row was always there.
import { expect, test } from '@jest/globals';
import { freshDatabase } from '../test/fresh-database.ts';
import { collect } from './collector.ts';
import { impersonation } from './collectors/impersonation.ts';
import { inSnapshot } from './snapshot.ts';

const fresh = freshDatabase();
const T = '2026-03-01T12:00:00Z';
const at = (minutes: number): Date => new Date(Date.parse(T) + minutes * 60_000);

async function ended(minutes: number): Promise<void> {
  await fresh.database.pool.query(
    `INSERT INTO admin_center.impersonation_session
       (state, admin_id, admin_subject, admin_email, admin_role, user_id, scope, minutes, reason, reason_class, code_hash, code_expires_at, requested_at, started_at, ends_at, hard_ends_at, ended_at, end_cause)
     VALUES ('ended', gen_random_uuid(), 'user:1', 'ada@acme.example', 'super_admin', gen_random_uuid(), 'read', 30, 'A ticket about it.', 'other',
       sha256(gen_random_uuid()::text::bytea), now(), $1::timestamptz - interval '20 minutes', $1::timestamptz - interval '10 minutes', $1, $1, $1, 'ended_by_admin')`,
    [at(minutes)],
  );
}

/** The counter, and the sessions under way. */
const seenAt = (when: Date | undefined) =>
  inSnapshot(fresh.pool, 10_000, async (client) => {
    const samples = await collect(client, impersonation, when);
    const valueOf = (metric: string, labels: object): number => samples.find((sample) => sample.metric === metric && Object.entries(labels).every(([label, value]) => sample.labels[label] === value))?.value ?? 0;
    return [
      valueOf('admincenter_impersonation_sessions_total', { reason_class: 'other', outcome: 'ended' }),
      valueOf('admincenter_impersonation_sessions', { state: 'requested' }),
      valueOf('admincenter_impersonation_sessions', { state: 'active' }),
      valueOf('admincenter_impersonation_sessions', { state: 'ended' }),
    ];
  });

test('a counter ends at what it is now, was less by what was counted since, and has what is about to be counted', async () => {
  await ended(0);
  expect(await seenAt(at(-30))).toEqual([0, 0, 0, 0]);
  expect(await seenAt(at(1))).toEqual([1, 0, 0, 1]);
  expect(await seenAt(undefined)).toEqual([0, 0, 0, 1]);

  await ended(60);
  await fresh.database.pool.query(`SELECT admin_center.tally_add('admincenter_impersonation_sessions_total', '{"reason_class": "other", "outcome": "ended"}', 5)`);
  expect(await seenAt(at(-30))).toEqual([3, 0, 0, 0]);
  expect(await seenAt(at(-15))).toEqual([3, 1, 0, 0]);
  expect(await seenAt(at(-5))).toEqual([3, 0, 1, 0]);
  expect(await seenAt(at(0))).toEqual([4, 0, 0, 1]);
  expect(await seenAt(at(59))).toEqual([4, 0, 1, 1]);
  expect(await seenAt(at(60))).toEqual([5, 0, 0, 2]);
  expect(await seenAt(undefined)).toEqual([5, 0, 0, 2]);
});
