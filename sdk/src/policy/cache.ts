// The last good policy on disk, with its signature: a file that was changed is not believed.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { isGenuine, type Signed } from './verify.ts';

/** @returns null when there is none, or none that can be believed */
export async function readCache(file: string, key: string): Promise<Signed | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) {
    return null;
  }
  try {
    const kept = JSON.parse(text) as Signed;
    // An answer that nothing has changed is signed, too, and says nothing.
    return isGenuine(kept, key) && kept.body !== '' ? kept : null;
  } catch {
    return null;
  }
}

/** Written beside and renamed, so that a crash leaves the old one or the new one. Only the owner may read it. */
export async function writeCache(file: string, { nonce, etag, body, signature }: Signed): Promise<void> {
  const beside = `${file}.${process.pid}.tmp`;
  await writeFile(beside, JSON.stringify({ nonce, etag, body, signature }), { mode: 0o600 });
  await rename(beside, file);
}
