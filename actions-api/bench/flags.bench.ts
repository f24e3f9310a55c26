// OFREP's bulk evaluation of 50 flags by HTTP against a bare Express route that sends the same text and, with UNLEASH_DIR,
// against an Unleash server; and evaluations in the process of a host.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { flagDefinition } from '@admin-center/contracts/flags-definition';
import { makeKey } from '@admin-center/platform/project-key';
import { evaluate } from '@cloudtolocalllm/admin-center-sdk/flags';
import { policyOf, type Served } from '../src/capabilities/flags/compile.ts';
import { connected, createProduct, withScratchServer } from '../../database/testing/scratch.ts';
import { TOKEN } from '../test/client.ts';
import { booleanFlag } from '../test/flags.ts';
import { startProcess } from '../test/process.ts';
import { startUnleash, type Unleash } from './unleash.ts';

export const name = 'Flags: OFREP bulk evaluation of 50 flags, and evaluations in a host';

const FLAGS = 50;
const CONNECTIONS = 20;
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 8);

type Report = (row: Record<string, string | number>) => void;

/** A third plain, a third for a share, a third for a segment and a tier before the share. */
const served = Array.from({ length: FLAGS }, (_, index): Served => {
  const segment = { id: 'new', conditions: [{ attribute: 'country', operator: 'in' as const, values: ['DE', 'AT'] }, { attribute: 'appVersion', operator: 'version_at_least' as const, values: ['4.2.0'] }], serve: { percentage: 50, split: [{ variant: 'on', weight: 1 }] } };
  const tier = { id: 'paying', tier: 'premium' as const, serve: { percentage: 100, split: [{ variant: 'on', weight: 1 }] } };
  const definition = flagDefinition.parse(booleanFlag(index % 3 === 0 ? 100 : 30, index % 3 === 2 ? { segments: [segment], tiers: [tier] } : {}));
  return { key: `flag-${index}`, salt: `salt-${index}`, state: 'on', definition, experimentState: null };
});

export async function run(report: Report): Promise<void> {
  reportEvaluations(report);
  await withScratchServer({ durable: false }, async (server) => {
    const product = await createProduct(server.url, 'flags');
    const key = makeKey('test');
    await connected(product.url, async (owner) => {
      await owner.query("INSERT INTO admin_center.project_key (id, project, name, kind, environment, secret_hash, last4) VALUES ($1, 'default', 'Bench', 'server', 'test', $2, $3)", [key.id, key.secretHash, key.last4]);
      for (const flag of served) {
        await owner.query("INSERT INTO admin_center.flag (key, salt, state, definition) VALUES ($1, $2, 'on', $3)", [flag.key, flag.salt, JSON.stringify(flag.definition)]);
      }
    });
    const api = await startProcess({
      DATABASE_URL: product.apiUrl, PORT: '0', API_ROLES: 'ingest', LOG_LEVEL: 'info', ACTIONS_API_TOKEN: TOKEN, AUDIT_WITNESS_FILE: path.join(server.folder, 'witness'), RATE_LIMIT_INGEST_PER_MINUTE: '100000000',
    });
    const bulk = { url: `${api.baseUrl}/ofrep/v1/evaluate/flags`, headers: { authorization: `Bearer ${key.secret}` } };
    const { text, etag } = await ask(bulk, 0);
    if ((JSON.parse(text) as { flags: unknown[] }).flags.length !== FLAGS) {
      throw new Error(`Not ${FLAGS} flags: ${text.slice(0, 200)}`);
    }
    const file = path.join(server.folder, 'answer.json');
    await writeFile(file, text);
    const bare = spawn(process.execPath, [fileURLToPath(new URL('bare-express.ts', import.meta.url)), file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = (await once(bare.stdout, 'data')) as [Buffer];
    const bareUrl = { url: `http://127.0.0.1:${port.toString().trim()}/`, headers: {} };

    const unleash = await peer(server.url);

    // In turns, so that what else the machine does falls on all alike.
    const rates = { bulk: [] as number[], unchanged: [] as number[], bare: [] as number[], unleash: [] as number[] };
    for (let round = 0; round < 3; round += 1) {
      rates.bare.push(await load(bareUrl, () => 0));
      rates.bulk.push(await load(bulk, (index) => index));
      rates.unchanged.push(await load({ ...bulk, headers: { ...bulk.headers, 'if-none-match': etag } }, () => 0));
      if (unleash !== null) {
        rates.unleash.push(await load(unleash, (index) => index));
      }
    }
    const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[1] as number;
    report({ what: 'bare Express route, same text', 'requests/s': median(rates.bare) });
    report({ what: `OFREP bulk, ${FLAGS} flags, each for another user`, 'requests/s': median(rates.bulk), 'evaluations/s': median(rates.bulk) * FLAGS, 'of bare Express': median(rates.bulk) / median(rates.bare) });
    report({ what: 'OFREP bulk, answered 304', 'requests/s': median(rates.unchanged), 'of bare Express': median(rates.unchanged) / median(rates.bare) });
    if (unleash !== null) {
      report({ what: `Unleash, ${FLAGS} flags, each for another user`, 'requests/s': median(rates.unleash), 'of bare Express': median(rates.unleash) / median(rates.bare), 'ours of Unleash': median(rates.bulk) / median(rates.unleash) });
      await unleash.stop();
    }
    bare.kill();
    await api.end('SIGTERM');
  });
}

/** Null where no Unleash is installed. */
async function peer(serverUrl: string): Promise<Unleash | null> {
  const folder = process.env['UNLEASH_DIR'];
  if (folder === undefined) {
    return null;
  }
  await connected(serverUrl, (admin) => admin.query('CREATE DATABASE unleash'));
  const url = new URL(serverUrl);
  url.pathname = '/unleash';
  return startUnleash(folder, url.href, FLAGS);
}

function reportEvaluations(report: Report): void {
  const policy = policyOf(served);
  for (const [what, key] of [['one variant for everybody', 'flag-0'], ['a share of the users', 'flag-1'], ['segment, tier, share', 'flag-2']] as const) {
    const rounds = 1_000_000;
    const work = (): number => {
      const startedAt = performance.now();
      for (let index = 0; index < rounds; index += 1) {
        evaluate(policy, key, { targetingKey: `user-${index}`, tier: 'free', country: 'FR', appVersion: '4.3.1' }, { at: 0 });
      }
      return rounds / ((performance.now() - startedAt) / 1_000);
    };
    work();
    report({ what: `in a host: ${what}`, 'evaluations/s': Math.max(work(), work()) });
  }
}

interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

function ask({ url, headers }: Target, user: number): Promise<{ text: string; etag: string }> {
  return new Promise((resolve, reject) => {
    // `userId` is what Unleash keeps users apart by.
    const body = JSON.stringify({ context: { targetingKey: `user-${user}`, userId: `user-${user}`, tier: 'free', country: 'DE', appVersion: '4.3.1' } });
    const sent = request(url, { method: 'POST', agent, headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => (response.statusCode === 200 || response.statusCode === 304 ? resolve({ text, etag: String(response.headers.etag ?? '') }) : reject(new Error(`${response.statusCode} ${text}`))));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** Requests per second over so many connections. */
async function load(target: Target, userOf: (index: number) => number): Promise<number> {
  let sent = 0;
  const startedAt = performance.now();
  const until = startedAt + (SECONDS * 1_000) / 3;
  await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
    while (performance.now() < until) {
      await ask(target, userOf((sent += 1)));
    }
  }));
  return sent / ((performance.now() - startedAt) / 1_000);
}
