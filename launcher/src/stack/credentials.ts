// Passwords of our database roles and the token between UI and API: made once, kept where only the owner may read.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Problem } from '../problem.ts';

const credentialsSchema = z.object({
  exporterPassword: z.string().min(12),
  apiPassword: z.string().min(12),
  actionsApiToken: z.string().min(20),
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
  if (text === null) {
    const fresh: Credentials = { exporterPassword: password(), apiPassword: password(), actionsApiToken: password() };
    await writeFile(file, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600 });
    return fresh;
  }
  await chmod(file, 0o600);
  const parsed = credentialsSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new Problem(`${file} is damaged. Remove it: new passwords are made and set at the next start.`);
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
