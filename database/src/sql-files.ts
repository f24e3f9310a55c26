// Reads the .sql files of a folder in the order of their names.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

export interface SqlFile {
  /** File name without `.sql`. */
  readonly name: string;
  readonly text: string;
}

/** @param directory one that does not exist has no files */
export async function readSqlFiles(directory: string): Promise<SqlFile[]> {
  if (!existsSync(directory)) {
    return [];
  }
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(names.map(async (name) => ({ name: name.slice(0, -'.sql'.length), text: await readFile(path.join(directory, name), 'utf8') })));
}
