// A page of the host with Segment's own SDK for browsers, as it lies on npm, on another origin and with a client key that
// anybody can read: what people do there is in the stream, once, also what is sent while the page is being closed.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeKey } from '@admin-center/platform/project-key';
import pg from 'pg';
import { chromium, type Browser } from 'playwright-core';

const SDK = path.join(path.dirname(createRequire(import.meta.url).resolve('@segment/analytics-next/package.json')), 'dist', 'umd');
/** Headless Chromium says what it is, and robots are not measured. */
const PROGRAM = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
const apiUrl = new URL(process.env['ACTIONS_API_URL'] ?? 'http://127.0.0.1:4000');
const key = makeKey('test');
const person = `browser-${randomUUID()}`;

const pageOf = (strategy: string): string => `<!doctype html><title>Pricing</title><script src="/sdk/index.js"></script><script>
  window.analytics = AnalyticsNext.AnalyticsBrowser.load(
    { writeKey: ${JSON.stringify(key.secret)}, cdnSettings: { integrations: { 'Segment.io': { apiKey: ${JSON.stringify(key.secret)} } } } },
    { integrations: { 'Segment.io': { apiHost: ${JSON.stringify(`${apiUrl.host}/ingest/segment/v1`)}, protocol: ${JSON.stringify(apiUrl.protocol.slice(0, -1))}, ${strategy} } } },
  );
</script>`;

let browser: Browser;
let server: http.Server;
let database: pg.Client;
before(async () => {
  database = new pg.Client({ connectionString: process.env['DATABASE_URL'] });
  await database.connect();
  await database.query("INSERT INTO admin_center.project_key (id, project, name, kind, environment, secret_hash, last4) VALUES ($1, 'default', 'Browser test', 'client', 'test', $2, $3)", [key.id, key.secretHash, key.last4]);
  server = http.createServer((request, response) => {
    const file = /^\/sdk\/([\w.-]+\.js)$/.exec(request.url ?? '')?.[1];
    if (file !== undefined) {
      readFile(path.join(SDK, file)).then((text) => response.setHeader('content-type', 'text/javascript').end(text), () => response.writeHead(404).end());
      return;
    }
    response.setHeader('content-type', 'text/html').end(pageOf(request.url === '/batching' ? "deliveryStrategy: { strategy: 'batching', config: { size: 100, timeout: 60000 } }" : ''));
  }).listen(0, '127.0.0.1');
  browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'] });
});
after(async () => {
  await browser.close();
  server.close();
  await database.query('UPDATE admin_center.project_key SET revoked_at = now() WHERE id = $1', [key.id]);
  await database.end();
});

const urlOf = (page: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${page}`;

/** Names of this test's events in the stream, once there are as many. */
async function namesOf(prefix: string, count: number): Promise<string[]> {
  for (const deadline = Date.now() + 20_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const { rows } = await database.query("SELECT name FROM admin_center.event WHERE properties ->> 'run' = $1 ORDER BY name", [prefix]);
    if (rows.length >= count || Date.now() > deadline) {
      return rows.map(({ name }: { name: string }) => name);
    }
  }
}

test('each event of the SDK arrives once and is answered to the page', async () => {
  const context = await browser.newContext({ userAgent: PROGRAM });
  const page = await context.newPage();
  const statuses: number[] = [];
  const refused: string[] = [];
  page.on('response', (response) => (response.url().includes('/ingest/') ? statuses.push(response.status()) : undefined));
  page.on('requestfailed', (request) => refused.push(`${request.url()} ${request.failure()?.errorText}`));
  await page.goto(urlOf('standard'));
  const run = randomUUID();
  await page.evaluate(`(async () => {
    const run = ${JSON.stringify(run)};
    await analytics.page('Pricing', { run });
    await analytics.identify(${JSON.stringify(person)}, { email: 'ada@acme.example' });
    await analytics.track('Trial Started', { run, feature: 'chat', email: 'ada@acme.example' });
    await analytics.group('acme');
    await analytics.alias('somebody-else');
  })()`);
  assert.deepEqual(await namesOf(run, 2), ['Pricing', 'Trial Started']);
  assert.deepEqual(refused, []);
  assert.deepEqual([...new Set(statuses.filter((status) => status !== 204))], [200]);
  const { rows } = await database.query("SELECT feature, browser, platform, properties FROM admin_center.event WHERE name = 'Trial Started' AND properties ->> 'run' = $1", [run]);
  assert.equal(rows.length, 1);
  assert.equal(rows[0].feature, 'chat');
  assert.equal('email' in rows[0].properties, false);
  await context.close();
});

test('what waits in the page is sent when the page is left', async () => {
  const context = await browser.newContext({ userAgent: PROGRAM });
  const page = await context.newPage();
  await page.goto(urlOf('batching'));
  const run = randomUUID();
  await page.evaluate(`Promise.all([1, 2, 3].map((n) => analytics.track('Left ' + n, { run: ${JSON.stringify(run)} })))`);
  await page.goto('about:blank');
  assert.deepEqual(await namesOf(run, 3), ['Left 1', 'Left 2', 'Left 3']);
  await context.close();
});
