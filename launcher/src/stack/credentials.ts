// Passwords of our database roles and the token between UI and API: made once, kept where only the owner may read.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { idOf, makeKey } from '@admin-center/platform/project-key';
import { z } from 'zod';
import { Problem } from '../problem.ts';

// One key of the two kinds that the demo host needs; the API knows them by their digests.
const demoKey = z.string().refine((key) => idOf(key) !== null);

const credentialsSchema = z.object({
  exporterPassword: z.string().min(12),
  apiPassword: z.string().min(12),
  actionsApiToken: z.string().min(20),
  demoServerKey: demoKey.default(() => makeKey('test').secret),
  demoClientKey: demoKey.default(() => makeKey('test').secret),
});
export type Credentials = Readonly<z.output<typeof credentialsSchema>>;

const password = (): string => randomBytes(32).toString('base64url');

export async function loadCredentials(dataDir: string): Promise<Credentials> {
  const file = path.join(dataDir, 'credentials.json');
  await mkdir(dataDir, { recursive: true });
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return null;
    }
    throw error;
  });
  if (text !== null) {
    await chmod(file, 0o600);
  }
  const known = text === null ? { exporterPassword: password(), apiPassword: password(), actionsApiToken: password() } : parseJson(text);
  const parsed = credentialsSchema.safeParse(known);
  if (!parsed.success) {
    throw new Problem(`${file} is damaged. Remove it: new passwords are made and set at the next start.`);
  }
  // What an earlier version did not have is made and kept.
  const complete = `${JSON.stringify(parsed.data, null, 2)}\n`;
  if (complete !== text) {
    await writeFile(file, complete, { mode: 0o600 });
  }
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
