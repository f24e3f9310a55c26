// What the demo host reads of its own tables.
import type pg from 'pg';

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  readonly tier: string;
  readonly createdAt: string;
}

export interface SignedIn extends User {
  readonly sessionId: string;
}

export interface Tunnel {
  readonly id: string;
  readonly name: string;
  readonly status: string;
}

const USER = `
  u.id, u.email, u.name, u.created_at::text AS "createdAt",
  coalesce((SELECT s.tier FROM public.subscriptions s WHERE s.user_id = u.id AND s.status IN ('active', 'trialing', 'past_due') ORDER BY s.created_at DESC LIMIT 1), 'free') AS tier`;

export interface Store {
  /** Whose session this token is; null when it is none, or none any more. */
  signedIn(token: string): Promise<SignedIn | null>;
  user(id: string): Promise<User | null>;
  tunnels(userId: string): Promise<readonly Tunnel[]>;
  /** Tokens of some sessions that live. */
  someTokens(count: number): Promise<readonly string[]>;
  isReady(): Promise<boolean>;
}

export function createStore(pool: pg.Pool): Store {
  const first = async <T extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<T | null> => (await pool.query<T>(text, [...values])).rows[0] ?? null;
  return {
    signedIn: (token) =>
      first<SignedIn>(
        `SELECT ${USER}, x.id AS "sessionId" FROM public.user_sessions x JOIN public.users u ON u.id = x.user_id
         WHERE x.session_token = $1 AND x.expires_at > now()`,
        [token],
      ),
    user: (id) => first<User>(`SELECT ${USER} FROM public.users u WHERE u.id = $1`, [id]),
    tunnels: async (userId) => (await pool.query<Tunnel>('SELECT id, name, status FROM public.tunnels WHERE user_id = $1 ORDER BY created_at', [userId])).rows,
    someTokens: async (count) =>
      (await pool.query<{ token: string }>(
        'SELECT session_token AS token FROM public.user_sessions WHERE expires_at > now() AND is_active ORDER BY random() LIMIT $1', [count],
      )).rows.map(({ token }) => token),
    isReady: async () => (await pool.query('SELECT FROM public.users LIMIT 1').catch(() => null)) !== null,
  };
}
