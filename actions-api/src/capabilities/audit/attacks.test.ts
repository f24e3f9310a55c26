// Six attacks on the audit log by the database's owner, who may switch off every guard (M7): each is found. What is no
// attack, such as a restored copy or an erasure, raises no alarm.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import { createPool } from '@admin-center/platform/pool';
import type pg from 'pg';
import { createDatabase, type Database } from '../../platform/database.ts';
import { relayBatch } from '../../platform/outbox/relay.ts';
import { acknowledge, readStatus, verifyAndRecord } from './status.ts';
import { createWitness, type Witness } from './witness.ts';

const ENTRIES = 12;
let db: TestDatabase;
let pool: pg.Pool;
let database: Database;
let directory: string;
let witness: Witness;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'admin-center-attacks-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));
beforeEach(async () => {
  db = await createTestDatabase();
  pool = createPool({ connectionString: db.apiUrl, applicationName: 'test-verifier', max: 3 });
  database = createDatabase(pool);
  witness = createWitness(path.join(directory, `${Date.now()}-${Math.random()}.jsonl`), () => new Date());
  await append(ENTRIES);
});
afterEach(async () => {
  await pool.end();
  await db.close();
});

async function append(count: number): Promise<void> {
  await db.pool.query(
    `SELECT admin_center.audit_append(gen_random_uuid(), 'user:1 uid', 'Ada@acme.example', 'super_admin', 'users.suspend', 'success', 'user', n::text,
       'Because of Zoë''s – "quoted" – reasön', '{"state": "active", "n": 1.50}', '{"state":"suspended"}', '2001:db8::7', NULL, 'request-' || n)
     FROM generate_series(1, $1) AS n`,
    [count],
  );
}

/** What the worker does with new entries: relays them, and notes the head outside the database. */
async function relay(): Promise<void> {
  const { head } = await relayBatch(database, false);
  if (head !== null) {
    await witness.note(head.sequence, head.hash);
  }
}

/** As the owner, with the guards switched off. */
const attack = (...statements: readonly string[]): Promise<unknown> =>
  db.pool.query(
    [
      'BEGIN',
      ...['audit_log', 'audit_detail', 'audit_checkpoint'].map((table) => `ALTER TABLE admin_center.${table} DISABLE TRIGGER ALL`),
      'SET LOCAL search_path = admin_center',
      ...statements,
      ...['audit_log', 'audit_detail', 'audit_checkpoint'].map((table) => `ALTER TABLE admin_center.${table} ENABLE TRIGGER ALL`),
      'COMMIT',
    ].join(';\n'),
  );

/** Computes digests and hashes anew from an entry on, checkpoint included, with the database's own functions. */
const REHASH = (from: number): string => `DO $$
  DECLARE entry audit_log;
  BEGIN
    FOR entry IN SELECT * FROM audit_log WHERE sequence >= ${from} ORDER BY sequence LOOP
      entry.detail_digest := audit_digest((SELECT d FROM audit_detail d WHERE d.sequence = entry.sequence));
      entry.previous_hash := coalesce((SELECT hash FROM audit_log WHERE sequence = entry.sequence - 1), decode(repeat('00', 32), 'hex'));
      entry.hash := audit_hash(entry);
      UPDATE audit_log SET (detail_digest, previous_hash, hash) = (entry.detail_digest, entry.previous_hash, entry.hash) WHERE sequence = entry.sequence;
    END LOOP;
    UPDATE audit_checkpoint SET (sequence, hash) = (SELECT l.sequence, l.hash FROM audit_log l ORDER BY l.sequence DESC LIMIT 1);
  END $$`;

const problems = async (): Promise<string[]> => (await verifyAndRecord(database, witness)).problems.map(({ kind, sequence }) => `${kind} ${sequence}`);

test('the guards refuse even the owner, as long as they are on', async () => {
  for (const statement of ["UPDATE admin_center.audit_log SET action = 'x'", 'DELETE FROM admin_center.audit_detail', 'TRUNCATE admin_center.audit_log CASCADE', 'UPDATE admin_center.audit_checkpoint SET sequence = 1']) {
    await expect(db.pool.query(statement)).rejects.toThrow('append-only');
  }
});

test('the API\'s role can neither write nor change the log', async () => {
  for (const statement of [
    "UPDATE admin_center.audit_log SET action = 'x'", 'DELETE FROM admin_center.audit_log', 'INSERT INTO admin_center.audit_log SELECT * FROM admin_center.audit_log',
    'UPDATE admin_center.audit_detail SET reason = NULL', 'UPDATE admin_center.audit_checkpoint SET sequence = 99', 'INSERT INTO admin_center.outbox (audit_sequence) VALUES (1)', 'DELETE FROM admin_center.outbox',
  ]) {
    await expect(pool.query(statement)).rejects.toMatchObject({ code: '42501' });
  }
});

describe('an untouched log', () => {
  test('is valid, with and without a witness', async () => {
    expect(await problems()).toEqual([]);
    await relay();
    await append(3);
    expect(await problems()).toEqual([]);
    expect(await readStatus(database)).toMatchObject({ valid: true, acknowledged: true, headSequence: ENTRIES + 3, checked: ENTRIES + 3, problems: [] });
  });

  test('is valid when it is empty', async () => {
    const empty = await createTestDatabase();
    const emptyPool = createPool({ connectionString: empty.apiUrl, applicationName: 'test-verifier', max: 2 });
    expect((await verifyAndRecord(createDatabase(emptyPool), witness)).problems).toEqual([]);
    await emptyPool.end();
    await empty.close();
  });

  test('stays valid when the personal details of an entry are erased by an entry that says so', async () => {
    await db.pool.query("BEGIN; SELECT admin_center.audit_erase(4); SELECT admin_center.audit_append(NULL, 'user:1', 'ada@acme.example', 'super_admin', 'audit.erase', 'success', 'audit-entry', '4', 'Asked for by the person.', NULL, NULL, NULL, NULL, NULL); COMMIT");
    await relay();
    expect(await problems()).toEqual([]);
    const { rows } = await db.pool.query('SELECT actor_email, reason, before, after, ip, salt FROM admin_center.audit_detail WHERE sequence = 4');
    expect(rows).toEqual([{ actor_email: null, reason: null, before: null, after: null, ip: null, salt: null }]);
  });

  test('is valid as a copy restored to another server, and goes on there', async () => {
    await relay();
    const copy = await createTestDatabase();
    const tables = ['audit_log', 'audit_detail', 'audit_checkpoint', 'outbox', 'mark'];
    await copy.pool.query('ALTER TABLE admin_center.audit_checkpoint DISABLE TRIGGER ALL; DELETE FROM admin_center.audit_checkpoint; ALTER TABLE admin_center.audit_checkpoint ENABLE TRIGGER ALL');
    for (const table of tables) {
      // Rows as text, as a dump carries them.
      const { rows } = await db.pool.query<{ row: string }>(`SELECT t::text AS row FROM admin_center.${table} t`);
      for (const { row } of rows) {
        await copy.pool.query(`INSERT INTO admin_center.${table} OVERRIDING SYSTEM VALUE SELECT ($1::admin_center.${table}).*`, [row]);
      }
    }
    await copy.pool.query("SELECT setval(pg_get_serial_sequence('admin_center.outbox', 'id'), max(id)) FROM admin_center.outbox");
    await copy.pool.query("SELECT admin_center.audit_append(NULL, 'user:1', NULL, 'system', 'audit.verify', 'success', 'audit-chain', 'head', NULL, NULL, NULL, NULL, NULL, NULL)");
    const copyPool = createPool({ connectionString: copy.apiUrl, applicationName: 'test-verifier', max: 2 });
    expect(await verifyAndRecord(createDatabase(copyPool), witness)).toMatchObject({ checked: ENTRIES + 1, problems: [] });
    await copyPool.end();
    await copy.close();
  });
});

describe('found is', () => {
  test('an edit: of what happened, of who and why, of the instant', async () => {
    await attack("UPDATE audit_log SET target_id = 'somebody else' WHERE sequence = 3");
    expect(await problems()).toEqual(['edited 3']);
    await attack("UPDATE audit_detail SET reason = 'Something harmless' WHERE sequence = 5", "UPDATE audit_log SET at = at - interval '1 microsecond' WHERE sequence = 9");
    expect(await problems()).toEqual(['edited 3', 'edited 5', 'edited 9']);
  });

  test('an edit of the spelling only: of JSON, of null and the empty text', async () => {
    await attack(`UPDATE audit_detail SET before = '{"state":"active","n":1.5}' WHERE sequence = 2`, "UPDATE audit_detail SET user_agent = '' WHERE sequence = 6");
    expect(await problems()).toEqual(['edited 2', 'edited 6']);
  });

  test('an entry that was put in: at the end, before the beginning, and between', async () => {
    const forge = (sequence: number, previous: string): string =>
      `INSERT INTO audit_log SELECT ${sequence}, at, actor_id, actor_subject, actor_role, action, outcome, target_type, 'forged', request_id, detail_digest, ${previous}, hash FROM audit_log WHERE sequence = 1;
       INSERT INTO audit_detail SELECT ${sequence}, salt, actor_email, reason, before, after, ip, user_agent FROM audit_detail WHERE sequence = 1;
       UPDATE audit_log SET hash = audit_hash(audit_log) WHERE sequence = ${sequence}`;
    await attack(forge(ENTRIES + 1, `(SELECT hash FROM audit_log WHERE sequence = ${ENTRIES})`));
    expect(await problems()).toEqual([`inserted ${ENTRIES + 1}`]);
    await attack(forge(0, "decode(repeat('00', 32), 'hex')"));
    expect(await problems()).toContain('inserted 0');
  });

  test('an entry put between two others by moving the later ones up', async () => {
    await attack(
      'ALTER TABLE audit_detail DROP CONSTRAINT audit_detail_sequence_fkey', 'ALTER TABLE outbox DROP CONSTRAINT outbox_audit_sequence_fkey',
      'UPDATE audit_log SET sequence = -(sequence + 1) WHERE sequence > 6', 'UPDATE audit_detail SET sequence = -(sequence + 1) WHERE sequence > 6',
      'UPDATE audit_log SET sequence = -sequence WHERE sequence < 0', 'UPDATE audit_detail SET sequence = -sequence WHERE sequence < 0',
      "INSERT INTO audit_log SELECT 7, at, actor_id, actor_subject, actor_role, action, outcome, target_type, 'forged', request_id, detail_digest, decode(repeat('ab', 32), 'hex'), hash FROM audit_log WHERE sequence = 6",
      'INSERT INTO audit_detail SELECT 7, salt, actor_email, reason, before, after, ip, user_agent FROM audit_detail WHERE sequence = 6',
      'UPDATE audit_log SET hash = audit_hash(audit_log) WHERE sequence = 7',
    );
    expect(await problems()).toContain('inserted 7');
  });

  test('a change of order', async () => {
    await attack(
      'ALTER TABLE audit_detail DROP CONSTRAINT audit_detail_sequence_fkey', 'ALTER TABLE outbox DROP CONSTRAINT outbox_audit_sequence_fkey',
      ...['audit_log', 'audit_detail'].flatMap((table) => [
        `UPDATE ${table} SET sequence = 100 WHERE sequence = 5`, `UPDATE ${table} SET sequence = 5 WHERE sequence = 6`, `UPDATE ${table} SET sequence = 6 WHERE sequence = 100`,
      ]),
    );
    const found = await problems();
    expect(found).toContain('reordered 5');
    expect(found).toContain('reordered 6');
  });

  test('an entry taken out of the middle, also with its details only', async () => {
    await attack('DELETE FROM outbox WHERE audit_sequence IN (4, 5)', 'DELETE FROM audit_detail WHERE sequence IN (4, 5, 8)', 'DELETE FROM audit_log WHERE sequence IN (4, 5)');
    expect(await problems()).toEqual(['missing 4', 'missing 8']);
  });

  const CUT = ['DELETE FROM mark WHERE audit_sequence > 9', 'DELETE FROM outbox WHERE audit_sequence > 9', 'DELETE FROM audit_detail WHERE sequence > 9', 'DELETE FROM audit_log WHERE sequence > 9'];

  test('a tail that was cut off: by the checkpoint, and with the checkpoint set back by the witness', async () => {
    await relay();
    await attack(...CUT);
    expect(await problems()).toEqual(['truncated 10']);
    await attack('UPDATE audit_checkpoint SET (sequence, hash) = (SELECT sequence, hash FROM audit_log WHERE sequence = 9)');
    expect(await problems()).toEqual(['truncated 10']);
  });

  test('a tail that was cut off and grown anew to its old length', async () => {
    await relay();
    await attack(...CUT, 'UPDATE audit_checkpoint SET (sequence, hash) = (SELECT sequence, hash FROM audit_log WHERE sequence = 9)');
    await append(5);
    expect(await problems()).toEqual([`rewritten ${ENTRIES}`]);
  });

  test('a log rewritten from an entry on, with every hash and the checkpoint made to fit', async () => {
    await relay();
    await append(2);
    await attack("UPDATE audit_log SET target_id = 'somebody else' WHERE sequence = 3", REHASH(3));
    expect(await problems()).toEqual([`rewritten ${ENTRIES}`]);
  });

  test('an erasure that no entry accounts for, and one that left something behind', async () => {
    await db.pool.query('SELECT admin_center.audit_erase(4)');
    await attack("UPDATE audit_detail SET (salt, reason, erased_at) = (NULL, 'Another reason', now()) WHERE sequence = 7");
    expect((await problems()).sort()).toEqual(['edited 4', 'edited 7']);
  });
});

describe('a broken chain', () => {
  const acknowledged = () => database.transaction().execute((tx) => acknowledge(tx, witness));

  test('stays broken when the traces are removed, until a person acknowledges it', async () => {
    await attack("UPDATE audit_log SET outcome = 'failed' WHERE sequence = 3");
    await problems();
    expect(await readStatus(database)).toMatchObject({ valid: false, acknowledged: false, problems: [{ kind: 'edited', sequence: 3 }] });
    await attack("UPDATE audit_log SET outcome = 'success' WHERE sequence = 3");
    expect(await problems()).toEqual([]);
    expect(await readStatus(database)).toMatchObject({ valid: false, acknowledged: false, problems: [{ kind: 'edited', sequence: 3 }] });
    await acknowledged();
    await problems();
    expect(await readStatus(database)).toMatchObject({ valid: true, acknowledged: true, problems: [] });
    await expect(acknowledged()).rejects.toMatchObject({ code: 'nothing_to_acknowledge' });
  });

  test('that was acknowledged stays listed, and does not hide the next attack, be it at the same entry', async () => {
    await attack("UPDATE audit_log SET target_id = 'x' WHERE sequence = 3");
    await problems();
    await acknowledged();
    await problems();
    expect(await readStatus(database)).toMatchObject({ valid: false, acknowledged: true, problems: [{ kind: 'edited', sequence: 3 }] });
    await attack("UPDATE audit_log SET target_id = 'y' WHERE sequence = 3");
    await problems();
    expect(await readStatus(database)).toMatchObject({ acknowledged: false });
  });

  test('that was rewritten is taken as it is after the acknowledgement, and watched from there on', async () => {
    await relay();
    await attack("UPDATE audit_log SET target_id = 'x' WHERE sequence = 3", REHASH(3));
    expect(await problems()).toEqual([`rewritten ${ENTRIES}`]);
    await acknowledged();
    await append(1);
    await relay();
    expect(await problems()).toEqual([]);
    expect(await readStatus(database)).toMatchObject({ valid: true, acknowledged: true });
    await attack("UPDATE audit_log SET target_id = 'z' WHERE sequence = 3", REHASH(3));
    expect(await problems()).not.toEqual([]);
    expect(await readStatus(database)).toMatchObject({ acknowledged: false });
  });

  test('is not made whole by writing to the status', async () => {
    await attack("UPDATE audit_log SET target_id = 'x' WHERE sequence = 3");
    await problems();
    await db.pool.query("UPDATE admin_center.audit_chain_status SET valid = true, problems = '[]'");
    await problems();
    expect(await readStatus(database)).toMatchObject({ valid: false, acknowledged: false });
  });
});
