// The files of an embedded PostgreSQL: its cluster, made by initdb, the owner's password and the server's log.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chown, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Place } from './unprivileged.ts';

export const OWNER = 'postgres';

export const logFile = (place: Place): string => path.join(place.home, 'postgres.log');
const passwordFile = (place: Place): string => path.join(place.home, 'owner-password');
export const ownerPassword = (place: Place): string => readFileSync(passwordFile(place), 'utf8').trim();
export const lastLines = (place: Place): string => readFileSync(logFile(place), 'utf8').trimEnd().split('\n').slice(-8).join('\n');

/** The server must not read the caller's PG* variables. */
export function childOptions(place: Place): { cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number } {
  return { cwd: place.home, env: { PATH: process.env['PATH'], TZ: 'UTC' }, ...place.user };
}

/** Makes the cluster where there is none yet. */
export async function initialise(place: Place, cluster: string, log: (line: string) => void): Promise<void> {
  if (existsSync(path.join(cluster, 'PG_VERSION'))) {
    return;
  }
  log('making a new PostgreSQL cluster');
  await writeFile(passwordFile(place), `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  if (place.user !== null) {
    await chown(passwordFile(place), place.user.uid, place.user.gid);
  }
  // Under another name until it is complete, so that an interrupted initdb is never taken for a cluster.
  const unfinished = `${cluster}.new`;
  await rm(unfinished, { recursive: true, force: true });
  const locale = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
  const run = promisify(execFile);
  await run(
    path.join(place.binaries, 'initdb'),
    ['-D', unfinished, '-U', OWNER, '--pwfile', passwordFile(place), '-A', 'scram-sha-256', '-E', 'UTF8', `--locale=${locale}`, '--no-sync'],
    childOptions(place),
  ).catch((error: Error & { stderr?: string }) => {
    throw new Error(`initdb could not make a PostgreSQL cluster in ${place.home}:\n${error.stderr ?? error.message}`);
  });
  await rename(unfinished, cluster);
}
