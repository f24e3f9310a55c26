// What a table takes at most: the same rows by COPY, and one by one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';

const COLUMNS = 'at, received_at, message_id, person_id, known, source, type, name, feature, qualifies, tier, country, region, platform, device, os, browser, app_version, properties';

export const empty = (owner: pg.ClientBase): Promise<unknown> => owner.query('TRUNCATE admin_center.event, admin_center.event_receipt, admin_center.person_link; CHECKPOINT');

/** Writes the events there are into a file. @returns how many */
export async function writeOut(url: string, owner: pg.ClientBase, file: string): Promise<number> {
  await psql(url, `\\copy (SELECT ${COLUMNS} FROM admin_center.event ORDER BY received_at) TO '${file}'`);
  return Number((await owner.query('SELECT count(*) FROM admin_center.event')).rows[0].count);
}

/** Events in a second by psql's \copy into the same table with the same indexes. @param receipts with the receipts too, which are what counts a message once */
export async function copyRate(url: string, owner: pg.ClientBase, file: string, rows: number, receipts: string | null): Promise<number> {
  await empty(owner);
  const startedAt = performance.now();
  await psql(url, `\\copy admin_center.event (${COLUMNS}) FROM '${file}'`);
  if (receipts !== null) {
    await psql(url, `\\copy admin_center.event_receipt (message_id, received_at) FROM '${receipts}'`);
  }
  return rows / ((performance.now() - startedAt) / 1_000);
}

export async function writeReceipts(url: string, file: string): Promise<void> {
  await psql(url, `\\copy (SELECT message_id, received_at FROM admin_center.event_receipt ORDER BY received_at) TO '${file}'`);
}

/** Events in a second, one INSERT and one commit each, over 16 connections. */
export async function rowByRowRate(url: string, owner: pg.ClientBase, most: number): Promise<number> {
  const { rows } = await owner.query({ text: `SELECT ${COLUMNS} FROM admin_center.event LIMIT ${most}`, rowMode: 'array' });
  await empty(owner);
  const pool = new pg.Pool({ connectionString: url, max: 16 });
  const text = `INSERT INTO admin_center.event (${COLUMNS}) VALUES (${COLUMNS.split(',').map((_column, index) => `$${index + 1}`).join(', ')})`;
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: 16 }, async () => {
    for (let row = rows[next++]; row !== undefined; row = rows[next++]) {
      await pool.query({ name: 'row', text, values: row as unknown[] });
    }
  }));
  const seconds = (performance.now() - startedAt) / 1_000;
  await pool.end();
  return rows.length / seconds;
}

async function psql(url: string, command: string): Promise<void> {
  const child = spawn('psql', [url, '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-c', command], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number];
  if (code !== 0) {
    throw new Error(`psql ended with ${code}: ${command}`);
  }
}
