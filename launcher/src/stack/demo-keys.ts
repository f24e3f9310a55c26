// The project keys of the demo host: known to it by its environment, to the API by the database. At each start they are
// good again, whatever was tried out with them.
import { hashOf, idOf } from '@admin-center/platform/project-key';
import pg from 'pg';
import { Problem } from '../problem.ts';

export interface DemoKeys {
  readonly demoServerKey: string;
  readonly demoClientKey: string;
}

/** @param databaseUrl owner of the database with the demo company */
export async function ensureDemoKeys(databaseUrl: string, { demoServerKey, demoClientKey }: DemoKeys): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const [kind, name, secret] of [['server', 'Demo host', demoServerKey], ['client', "Demo host's front end", demoClientKey]] as const) {
      const id = idOf(secret);
      if (id === null) {
        throw new Problem(`The ${kind} key of the demo host is not in the form of a project key.`);
      }
      await client.query(
        `INSERT INTO admin_center.project_key (id, project, name, kind, environment, secret_hash, last4)
         VALUES ($1, 'default', $2, $3, 'test', $4, $5)
         ON CONFLICT (id) DO UPDATE SET revoked_at = NULL, expires_at = NULL`,
        [id, name, kind, hashOf(secret), secret.slice(-4)],
      );
    }
  } finally {
    await client.end();
  }
}
