// The audit log at 100,000 entries: appending, relaying, verifying all of it, and exporting it.
import path from 'node:path';
import { createPool } from '@admin-center/platform/pool';
import type pg from 'pg';
import { exportEntries } from '../src/capabilities/audit/export.ts';
import { verifyChain } from '../src/capabilities/audit/verifier.ts';
import { createWitness } from '../src/capabilities/audit/witness.ts';
import { createDatabase } from '../src/platform/database.ts';
import { relayBatch } from '../src/platform/outbox/relay.ts';
import { connected, createProduct, withScratchServer } from '../../database/testing/scratch.ts';

export const name = 'Audit log at 100,000 entries';

const ENTRIES = 100_000;
/** Entries per transaction; in production it is one. */
const CHUNK = 100;

type Report = (row: Record<string, string | number>) => void;

export async function run(report: Report): Promise<void> {
  await withScratchServer({ durable: false }, async (server) => {
    const { url, apiUrl } = await createProduct(server.url, 'audit');
    await connected(url, (owner) => measure(owner, apiUrl, server.folder, report));
  });
}

async function measure(owner: pg.Client, databaseUrl: string, folder: string, report: Report): Promise<void> {
  const pool = createPool({ connectionString: databaseUrl, applicationName: 'bench', max: 4 });
  const database = createDatabase(pool);
  const witness = createWitness(path.join(folder, 'witness.jsonl'), () => new Date());
  const timed = async (what: string, work: () => Promise<number>): Promise<void> => {
    const startedAt = performance.now();
    const count = await work();
    const ms = performance.now() - startedAt;
    report({ what, entries: count, ms: Math.round(ms), 'entries per second': Math.round((count / ms) * 1_000) });
  };
  try {
    await timed('append', async () => {
      for (let done = 0; done < ENTRIES; done += CHUNK) {
        await owner.query(
          `SELECT count(admin_center.audit_append(gen_random_uuid(), 'user:1 uid', 'ada.okafor@acme.example', 'super_admin', 'users.suspend', 'success', 'user', gen_random_uuid()::text,
             'Repeated abuse of the API, third warning.', '{"state":"active","suspendedAt":null,"liveSessions":2}', '{"state":"suspended","liveSessions":0}', '203.0.113.7', 'Mozilla/5.0 (X11; Linux x86_64)', gen_random_uuid()::text))
           FROM generate_series(1, $1)`,
          [CHUNK],
        );
      }
      return ENTRIES;
    });
    await timed('relay to metric and mark', async () => {
      let relayed = 0;
      for (;;) {
        const { count, head } = await relayBatch(database, false);
        if (head === null) {
          return relayed;
        }
        relayed += count;
        await witness.note(head.sequence, head.hash);
      }
    });
    await owner.query('VACUUM ANALYZE');
    for (const round of ['first', 'second', 'third']) {
      await timed(`verify everything, ${round} time`, async () => {
        const { checked, problems } = await verifyChain(database, await witness.read());
        if (problems.length > 0) {
          throw new Error(`The chain should be valid: ${JSON.stringify(problems[0])}`);
        }
        return checked;
      });
    }
    await timed('export as CSV', async () => {
      const file = await exportEntries(database, {}, 'bench');
      await file.discard();
      return file.rows;
    });
  } finally {
    await pool.end();
  }
}
