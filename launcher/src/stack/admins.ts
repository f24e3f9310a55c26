// ADMINS_FILE: who may sign in to the standalone shell. The demo's people, or everybody with an admin role in the host.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { DEMO_ADMINS } from '../../../database/demo/admins.ts';
import { Problem } from '../problem.ts';
import type { StackDatabase } from './database.ts';

export interface Person {
  readonly login: string;
  readonly name: string;
  readonly email: string;
  readonly orgRole: 'Admin' | 'Editor' | 'Viewer';
  /** Shown when the start is done; the API asks the database again on every request. */
  readonly role: string | null;
}

export async function writeAdminsFile(dataDir: string, database: StackDatabase): Promise<readonly Person[]> {
  const people = database.demo ? DEMO_ADMINS : await adminsOfHost(database.ownerUrl);
  if (people.length === 0) {
    throw new Problem(
      'Nobody has an admin role in this database, so nobody could sign in. Grant one in the host application first: ' +
        "a row in admin_roles with role 'super_admin', is_active true, for a user who is not suspended.",
    );
  }
  await mkdir(dataDir, { recursive: true });
  const entries = people.map(({ login, name, email, orgRole }) => ({ login, name, email, orgRole }));
  await writeFile(path.join(dataDir, 'admins.json'), `${JSON.stringify(entries, null, 2)}\n`);
  return people;
}

async function adminsOfHost(databaseUrl: string): Promise<readonly Person[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ email: string; name: string | null; role: string }>(`
      SELECT DISTINCT ON (a.email) a.email, u.display_name AS name, a.role
      FROM admin_center.admin a
      JOIN admin_center.account u USING (user_id)
      WHERE a.email IS NOT NULL
      ORDER BY a.email, a.role = 'super_admin' DESC, a.role`);
    const logins = new Set<string>();
    return rows.map(({ email, name, role }) => ({ login: loginFor(email, logins), name: name ?? email, email, role, orgRole: role === 'super_admin' ? 'Admin' : 'Editor' }));
  } finally {
    await client.end();
  }
}

/** A login holds fewer characters than an e-mail may, and nobody shares one. */
function loginFor(email: string, taken: Set<string>): string {
  const base = email.replaceAll(/[^A-Za-z0-9._@-]/g, '-').slice(0, 70);
  let login = base;
  for (let number = 2; taken.has(login); number++) {
    login = `${base}-${number}`;
  }
  taken.add(login);
  return login;
}
