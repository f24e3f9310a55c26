// User search through HTTP at a million users, against a plain ILIKE on the host's own table with the same answer.
import path from 'node:path';
import type pg from 'pg';
import { connected, createProduct, withScratchServer } from '../../database/testing/scratch.ts';
import { createClient, TOKEN } from '../test/client.ts';
import { startIssuer } from '../test/issuer.ts';
import { startProcess } from '../test/process.ts';

export const name = 'User search at 1,000,000 users';

const USERS = Number(process.env['BENCH_USERS'] ?? 1_000_000);
const RUNS = 30;
const NAIVE_RUNS = 5;
const ADA = { email: 'ada.okafor@acme.example' };

type Report = (row: Record<string, string | number>) => void;

export async function run(report: Report): Promise<void> {
  await withScratchServer({ durable: false }, async (server) => {
    const begun = performance.now();
    const product = await createProduct(server.url, 'users', fill);
    report({ what: 'write the users, migrate and fill the directory', seconds: Math.round((performance.now() - begun) / 1_000) });
    await connected(product.url, (owner) => search(owner, product.apiUrl, server.folder, report));
  });
}

async function search(owner: pg.Client, databaseUrl: string, folder: string, report: Report): Promise<void> {
  const issuer = await startIssuer();
  try {
    await owner.query('VACUUM ANALYZE');
    const api = await startProcess({
      DATABASE_URL: databaseUrl, PORT: '0', API_ROLES: 'admin', LOG_LEVEL: 'info', ACTIONS_API_TOKEN: TOKEN,
      GRAFANA_ROOT_URL: issuer.rootUrl, GRAFANA_JWKS_URL: issuer.keysUrl, AUDIT_WITNESS_FILE: path.join(folder, 'witness'), RATE_LIMIT_READS_PER_MINUTE: '1000000',
    });
    const client = createClient(api.baseUrl, issuer, ADA);
    for (const [what, query, words] of await shapesOf(owner)) {
      const times = await measure(RUNS, async () => {
        const { status, body } = await client.get('/api/v1/users', query);
        if (status !== 200) {
          throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
        }
        return (body as { total: number }).total;
      });
      const naive = words === null ? null : await measure(NAIVE_RUNS, () => naiveSearch(owner, words));
      report({
        what, matches: times.matches, 'p50 ms': times.p50, 'p95 ms': times.p95,
        ...(naive === null ? {} : { 'naive p50 ms': naive.p50, 'naive p95 ms': naive.p95, 'naive / ours (p95)': naive.p95 / times.p95 }),
      });
    }
    await api.end('SIGTERM');
  } finally {
    await issuer.close();
  }
}

/** Names as skewed as names are; every sixth user has paid for half a year. */
async function fill(owner: pg.Client): Promise<void> {
  await owner.query('SELECT setseed(0.42)');
  await owner.query(
    `INSERT INTO public.users (email, name, jwt_id, email_verified, created_at, updated_at, is_suspended)
     SELECT lower(first || '.' || last || n || '@' || host), first || ' ' || last, 'auth0|' || n, true, now() - n * interval '60 seconds', now() - n * interval '60 seconds', n % 97 = 0
     FROM (
       SELECT n,
         (ARRAY['Ada','Bola','Chen','Dmitri','Elif','Fatima','Goran','Hana','Ivo','Jun','Kofi','Lena','Mara','Noor','Olu','Petra','Quinn','Rosa','Sam','Tariq','Uma','Vic','Wanda','Ximena','Yara','Zoë'])[1 + floor(26 * random() ^ 2)::int] AS first,
         (ARRAY['Okafor','Rivera','Larsen','Nguyen','Kowalski','Haddad','Ivanova','Tanaka','Mensah','Novak','Silva','Fischer','Rossi','Kaya','Andersson','Dubois','Moreau','Schmidt','Costa','Popescu'])[1 + floor(20 * random() ^ 2)::int] || chr(97 + (n % 26)) AS last,
         (ARRAY['mail.example','post.example','work.example','uni.example'])[1 + n % 4] AS host
       FROM generate_series(1, $1::int) AS n
     ) person`,
    [USERS],
  );
  await owner.query("INSERT INTO public.users (email, name, email_verified) VALUES ($1, 'Ada Okafor', true)", [ADA.email]);
  await owner.query("INSERT INTO public.admin_roles (user_id, role) SELECT id, 'super_admin' FROM public.users WHERE email = $1", [ADA.email]);
  await owner.query(`
    INSERT INTO public.subscriptions (user_id, tier, status, stripe_subscription_id, current_period_start, current_period_end, created_at, updated_at)
    SELECT id, CASE WHEN hashtext(email) % 5 = 0 THEN 'enterprise' ELSE 'premium' END, 'active', 'sub_' || id, now() - interval '10 days', now() + interval '20 days', now() - interval '6 months', now() - interval '6 months'
    FROM public.users WHERE hashtext(email) % 6 = 0;
    INSERT INTO public.payment_transactions (user_id, subscription_id, stripe_payment_intent_id, amount, currency, status, created_at, updated_at)
    SELECT user_id, id, 'pi_' || id || month, CASE tier WHEN 'premium' THEN 9.99 ELSE 29.99 END, 'USD', 'succeeded', now() - interval '10 days' - month * interval '30 days', now()
    FROM public.subscriptions CROSS JOIN generate_series(0, 5) AS month;
    INSERT INTO public.user_sessions (user_id, session_token, created_at, last_activity, expires_at, is_active)
    SELECT id, 'token-' || id, now() - random() * interval '60 days', now() - random() * interval '30 days', now() + interval '1 day', true FROM public.users WHERE hashtext(email) % 3 = 0`);
}

type Shape = readonly [what: string, query: Record<string, string>, naiveWords: readonly string[] | null];

async function shapesOf(owner: pg.Client): Promise<Shape[]> {
  const { rows } = await owner.query<{ id: string; email: string }>('SELECT id, email FROM public.users ORDER BY created_at LIMIT 1 OFFSET 1000');
  const someone = rows[0] as { id: string; email: string };
  return [
    ['whole e-mail', { q: someone.email }, [someone.email]],
    ['whole id', { q: someone.id }, null],
    ['part of an e-mail, one match', { q: someone.email.slice(0, -6) }, [someone.email.slice(0, -6)]],
    ['part that matches nobody', { q: 'nobodyhasthis' }, ['nobodyhasthis']],
    ['first and last name', { q: 'yara popescuq' }, ['yara', 'popescuq']],
    ['a last name', { q: 'okafor' }, ['okafor']],
    ['two letters', { q: 'zo' }, ['zo']],
    ['a domain that a quarter has', { q: 'mail.example' }, ['mail.example']],
    ['everybody, newest first', {}, []],
    ['by tier, last seen first', { tier: 'enterprise', sort: 'lastSeenAt' }, null],
    ['a last name, by tier, by e-mail', { q: 'tanaka', tier: 'premium', sort: 'email', order: 'asc' }, null],
    ['suspended, signed up in a week of last year', { state: 'suspended', createdFrom: new Date(Date.now() - 400 * 86_400_000).toISOString(), createdTo: new Date(Date.now() - 393 * 86_400_000).toISOString() }, null],
  ];
}

/** What a back office without a directory runs: the page and the number of matches, straight from the host's table. */
async function naiveSearch(owner: pg.Client, words: readonly string[]): Promise<number> {
  const conditions = ['true', ...words.map((_, index) => `(email ILIKE $${index + 1} OR name ILIKE $${index + 1})`)].join(' AND ');
  const values = words.map((word) => `%${word}%`);
  await owner.query(`SELECT id, email, name, created_at FROM public.users WHERE ${conditions} ORDER BY created_at DESC LIMIT 50`, values);
  const { rows } = await owner.query<{ count: string }>(`SELECT count(*) FROM public.users WHERE ${conditions}`, values);
  return Number(rows[0]?.count);
}

async function measure(runs: number, work: () => Promise<number>): Promise<{ p50: number; p95: number; matches: number }> {
  const times: number[] = [];
  let matches = await work();
  for (let index = 0; index < runs; index++) {
    const startedAt = performance.now();
    matches = await work();
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))] as number;
  return { p50: at(0.5), p95: at(0.95), matches };
}
