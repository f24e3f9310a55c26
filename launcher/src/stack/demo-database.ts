// The database of the demo company, made once: it gets its name only when it is complete, so an interrupted load leaves
// nothing that could be taken for it.
import pg from 'pg';
import { createHostSchema } from '@admin-center/database/host-schema';
import { loadDemo } from '../../../database/demo/load.ts';
import type { Progress } from './progress.ts';

const NAME = 'acme';
const UNFINISHED = 'acme_loading';

export interface DemoSize {
  readonly seed: number;
  readonly users: number;
  readonly days: number;
}

/**
 * @param serverUrl connects as a superuser to another database of the server
 * @returns the URL of the demo company's database
 */
export async function ensureDemoDatabase(serverUrl: string, size: DemoSize, progress: Progress): Promise<string> {
  const server = new pg.Client({ connectionString: serverUrl });
  await server.connect();
  try {
    const { rowCount } = await server.query('SELECT FROM pg_database WHERE datname = $1', [NAME]);
    if (rowCount === 0) {
      await progress.step(`Demo company Acme: ${size.users.toLocaleString('en')} users, ${size.days} days`, async (detail) => {
        await server.query(`DROP DATABASE IF EXISTS ${UNFINISHED} WITH (FORCE)`);
        await server.query(`CREATE DATABASE ${UNFINISHED}`);
        await fill(inDatabase(serverUrl, UNFINISHED), size, detail);
        await server.query(`ALTER DATABASE ${UNFINISHED} RENAME TO ${NAME}`);
      });
    }
    return inDatabase(serverUrl, NAME);
  } finally {
    await server.end();
  }
}

async function fill(databaseUrl: string, size: DemoSize, detail: (text: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await createHostSchema(client, { variant: 'full' });
  } finally {
    await client.end();
  }
  await loadDemo({ databaseUrl, ...size, now: new Date(), onProgress: detail });
}

function inDatabase(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
