// What the checks read: the files git would commit, and YAML.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

export const root = path.resolve(import.meta.dirname, '..');

/** Committed and new files that are not ignored, relative to the checkout, by a glob of git. */
export function files(...patterns: string[]): string[] {
  const text = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '--', ...patterns], { cwd: root, encoding: 'utf8' });
  return text.split('\n').filter((file) => file !== '' && exists(file));
}

export const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
export const yaml = (file: string): unknown => parse(read(file), { merge: true });
export const yamlDocuments = (file: string): unknown[] => parseAllDocuments(read(file)).map((document) => document.toJS() as unknown);

/** A file deleted in the work tree is still in git's list. */
function exists(file: string): boolean {
  try {
    readFileSync(path.join(root, file));
    return true;
  } catch {
    return false;
  }
}
