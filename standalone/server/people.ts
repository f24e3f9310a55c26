// Who may sign in: the list in ADMINS_FILE, read again when it changes, so that an edit needs no restart and removing someone ends their session.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { ORG_ROLES } from '../src/access.ts';

const personSchema = z.object({
  login: z.string().regex(/^[A-Za-z0-9._@-]{1,80}$/, 'letters, digits and ._@- only'),
  name: z.string().min(1).max(200),
  email: z.email(),
  orgRole: z.enum(ORG_ROLES),
});

export interface Person extends z.output<typeof personSchema> {
  /** Stable numbers made from the login, so that the ID token's subject does not move when the list is reordered. */
  readonly id: number;
  readonly uid: string;
}

export type ReadPeople = () => Promise<readonly Person[]>;

/** @returns a reader that throws an Error naming the file and what is wrong with it */
export function createPeopleReader(file: string): ReadPeople {
  let cached: { stamp: string; people: readonly Person[] } | undefined;
  return async () => {
    const { mtimeMs, size } = await stat(file).catch((cause: unknown) => {
      throw new Error(`ADMINS_FILE ${file} cannot be read. It must be a JSON list of {login, name, email, orgRole}.`, {
        cause,
      });
    });
    const stamp = `${mtimeMs}:${size}`;
    if (cached?.stamp !== stamp) {
      cached = { stamp, people: parsePeople(file, await readFile(file, 'utf8')) };
    }
    return cached.people;
  };
}

function parsePeople(file: string, text: string): readonly Person[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error(`ADMINS_FILE ${file} is not JSON.`, { cause });
  }
  const parsed = z.array(personSchema).min(1).safeParse(json);
  if (!parsed.success) {
    throw new Error(`ADMINS_FILE ${file} is not valid: ${z.prettifyError(parsed.error)}`);
  }
  const logins = parsed.data.map(({ login }) => login);
  if (new Set(logins).size !== logins.length) {
    throw new Error(`ADMINS_FILE ${file} names a login twice.`);
  }
  return parsed.data.map((person) => ({ ...person, ...identifiers(person.login) }));
}

function identifiers(login: string): { id: number; uid: string } {
  const digest = createHash('sha256').update(login).digest();
  return { id: digest.readUInt32BE(0) >>> 1, uid: `u${digest.toString('hex').slice(0, 13)}` };
}
