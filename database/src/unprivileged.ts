// PostgreSQL refuses to run as root. As root we run it as `postgres` or `nobody`, and keep what it needs where that user may go.
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { chmod, chown, lstat, mkdir, readlink, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { copyBinaries, findBinaries } from './binaries.ts';

/** Where things go when the checkout is below a directory closed to other users, such as /root. */
const OPEN_DIRECTORY = '/var/lib/admin-center';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

export interface Place {
  /** Directory of `initdb` and `postgres`. */
  readonly binaries: string;
  /** Holds `cluster`, `owner-password` and `postgres.log`. */
  readonly home: string;
  /** Null: run as whoever we are. */
  readonly user: User | null;
}

/** Makes a directory for the cluster at `dataDir` and says with which programs and as which user to run it. */
export async function preparePlace(dataDir: string, environment: NodeJS.ProcessEnv): Promise<Place> {
  const binaries = await findBinaries(environment);
  if (process.getuid?.() !== 0) {
    await mkdir(dataDir, { recursive: true });
    return { binaries, home: dataDir, user: null };
  }
  const user = ownerOf(path.join(dataDir, 'cluster')) ?? accountOf('postgres') ?? accountOf('nobody');
  if (user === null) {
    throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody to run it as. Create one ("useradd --system postgres") or run as another user.');
  }
  await mkdir(path.dirname(dataDir), { recursive: true });
  const home = mayEnter(path.dirname(dataDir), user) ? dataDir : await moveOut(dataDir);
  await mkdir(home, { recursive: true });
  await chown(home, user.uid, user.gid);
  await chmod(home, 0o755);
  return { binaries: mayEnter(binaries, user) ? binaries : await openBinaries(binaries), home, user };
}

/** An existing cluster keeps its owner: PostgreSQL insists on it. */
function ownerOf(cluster: string): User | null {
  const found = existsSync(cluster) ? statSync(cluster) : null;
  return found === null || found.uid === 0 ? null : { uid: found.uid, gid: found.gid };
}

function accountOf(name: string): User | null {
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([account]) => account === name);
  return entry === undefined ? null : { uid: Number(entry[2]), gid: Number(entry[3]) };
}

/** Whether a user may pass through this directory and all above it. */
function mayEnter(directory: string, user: User): boolean {
  for (let at = path.resolve(directory); ; at = path.dirname(at)) {
    const { mode, uid, gid } = statSync(at);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) {
      return false;
    }
    if (at === path.dirname(at)) {
      return true;
    }
  }
}

/** Puts the data outside, with a link in its place: removing the link still means starting afresh. */
async function moveOut(dataDir: string): Promise<string> {
  const outside = path.join(OPEN_DIRECTORY, createHash('sha256').update(dataDir).digest('hex').slice(0, 12));
  const present = await lstat(dataDir).catch(() => null);
  if (present?.isSymbolicLink() === true) {
    return readlink(dataDir);
  }
  if (present !== null) {
    throw new Error(`${dataDir} is below a directory that only root may enter, so PostgreSQL cannot use it. Remove it, or open its parent directories (chmod o+x).`);
  }
  await rm(outside, { recursive: true, force: true });
  await mkdir(outside, { recursive: true });
  await symlink(outside, dataDir);
  return outside;
}

async function openBinaries(binaries: string): Promise<string> {
  const version = lstatSync(path.join(binaries, 'postgres'));
  await mkdir(OPEN_DIRECTORY, { recursive: true });
  return copyBinaries(binaries, path.join(OPEN_DIRECTORY, `binaries-${version.size}-${Math.trunc(version.mtimeMs)}`));
}
