import { expect, test } from '@jest/globals';
import type { TestDatabase } from '@admin-center/database/testing';
import { describeCollector } from '../../test/describe-collector.ts';
import { freshDatabase } from '../../test/fresh-database.ts';
import { observe } from '../../test/observe.ts';
import { audit } from './audit.ts';

const verified = async ({ pool }: TestDatabase): Promise<void> => void (await pool.query("UPDATE admin_center.audit_chain_status SET verified_at = '2024-06-15T12:00:00Z'"));

describeCollector(audit, { fill: verified });

const fresh = freshDatabase();

test('the head of the chain is a witness: its number, and the first 48 bits of its hash as a number', async () => {
  const { pool } = fresh.database;
  await pool.query(
    `SELECT admin_center.audit_append(NULL, 'subject', 'ada.okafor@acme.example', 'super_admin', 'users.suspend', 'success', 'user', 'some-user', 'A reason for it.', NULL, NULL, NULL, NULL, NULL)`,
  );
  const { rows } = await pool.query<{ hash: Buffer }>('SELECT hash FROM admin_center.audit_checkpoint');
  const scraped = await observe(fresh.pool, audit);
  expect(scraped.get('admincenter_audit_chain_head_sequence')).toBe(1);
  expect(scraped.get('admincenter_audit_chain_head_prefix')).toBe(rows[0]?.hash.readUIntBE(0, 6));
  expect(scraped.get('admincenter_audit_chain_valid')).toBe(1);
  expect(scraped.has('admincenter_audit_chain_verified_timestamp_seconds')).toBe(false);
  expect(scraped.get('admincenter_outbox_pending')).toBe(1);
  expect(scraped.get('admincenter_outbox_oldest_pending_age_seconds')).toBeGreaterThan(0);
});

test('a verification and what it found are shown, a broken chain as 0', async () => {
  await verified(fresh.database);
  await fresh.database.pool.query('UPDATE admin_center.audit_chain_status SET valid = false');
  const scraped = await observe(fresh.pool, audit);
  expect(scraped.get('admincenter_audit_chain_valid')).toBe(0);
  expect(scraped.get('admincenter_audit_chain_verified_timestamp_seconds')).toBe(Date.parse('2024-06-15T12:00:00Z') / 1_000);
});

test('actions are what the tally says', async () => {
  const add = `SELECT admin_center.tally_add('admincenter_actions_total', '{"action": "users.suspend", "outcome": "success", "actor_role": "support_admin"}', 2)`;
  await fresh.database.pool.query(add);
  await fresh.database.pool.query(add);
  expect((await observe(fresh.pool, audit)).get('admincenter_actions_total{action="users.suspend",outcome="success",actor_role="support_admin"}')).toBe(4);
});
