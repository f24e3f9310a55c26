// A front end of the host: OpenFeature's web SDK with its OFREP provider, bundled as a customer would, in a real browser on
// another origin, with the client key that anybody can read. It sees public flags, and a change without being reloaded.
import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser, openContext, signIn } from './browser.ts';

const FLAGS = '/api/plugin-proxy/cloudtolocalllm-admincenter-app/v1/flags';
const REASON = 'A flag for a front end in a test';
const suffix = Date.now().toString(36);
const PUBLIC = `front-end-${suffix}`;
const HIDDEN = `back-end-${suffix}`;

const FRONT_END = `
  import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk';
  import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
  const { flagsUrl, clientKey } = window.settings;
  const show = () => {
    const details = OpenFeature.getClient().getBooleanDetails(${JSON.stringify(PUBLIC)}, false);
    const hidden = OpenFeature.getClient().getBooleanDetails(${JSON.stringify(HIDDEN)}, false);
    document.body.innerHTML = '<output>' + details.value + ' ' + details.variant + ' ' + details.reason + '</output><p>' + hidden.errorCode + '</p>';
  };
  await OpenFeature.setContext({ targetingKey: 'somebody-new', country: 'DE' });
  OpenFeature.addHandler(ProviderEvents.ConfigurationChanged, show);
  await OpenFeature.setProviderAndWait(new OFREPWebProvider({ baseUrl: flagsUrl, headers: [['X-API-Key', clientKey]], pollInterval: 300 }));
  show();
`;

let browser: Browser;
let server: http.Server;
let admin: Page;
let host: BrowserContext;
before(async () => {
  browser = await launchBrowser();
  admin = await (await openContext(browser)).newPage();
  await signIn(admin, 'ada', '/healthz');
  const { outputFiles: [script] } = await build({ stdin: { contents: FRONT_END, resolveDir: path.resolve(import.meta.dirname, '../../actions-api') }, bundle: true, write: false, format: 'esm', platform: 'browser', target: 'es2022' });
  const settings = await (await fetch(`${process.env['DEMO_HOST_URL']}/api/client-config`)).text();
  server = http.createServer((request, response) => {
    const [type, body] = request.url === '/app.js' ? ['text/javascript', script?.text] : ['text/html', `<!doctype html><title>Acme</title><body><script>window.settings = ${settings}</script><script type="module" src="/app.js"></script>`];
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = await openContext(browser, { baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
after(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

/** As the admin's page would. @returns the version that the flag has now */
async function write(where: string, data: Record<string, unknown>): Promise<number> {
  const answer = await admin.request.post(`${FLAGS}/${where}`, { data: { reason: REASON, ...data }, headers: { origin: new URL(admin.url()).origin } });
  const body = (await answer.json()) as { flag: { version: number } };
  assert.equal(answer.status(), 200, JSON.stringify(body));
  return body.flag.version;
}

test('reads public flags across origins, polls with the ETag, and follows a change', async () => {
  const definition = { name: 'Of a front end', type: 'boolean', variants: [{ key: 'on', value: true }, { key: 'off', value: false }], offVariant: 'off', defaultVariant: 'on' };
  await write(HIDDEN, { definition });
  const made = await write(PUBLIC, { definition: { ...definition, public: true } });

  const page = await host.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  const statuses: number[] = [];
  page.on('response', (response) => response.url().includes('/ofrep/') && response.request().method() === 'POST' && statuses.push(response.status()));
  await page.goto('/');
  await page.getByRole('status').getByText(/^false off DISABLED/).waitFor();
  assert.equal(await page.locator('p').innerText(), 'FLAG_NOT_FOUND');
  const loaded = await page.evaluate(() => performance.timeOrigin);

  const on = await write(`${PUBLIC}/state`, { state: 'on', version: made });
  await page.getByRole('status').getByText(/^true on /).waitFor();
  await page.waitForResponse((response) => response.url().includes('/ofrep/') && response.status() === 304);
  await write(`${PUBLIC}/state`, { state: 'killed', version: on });
  await page.getByRole('status').getByText(/^false off /).waitFor();
  assert.equal(await page.evaluate(() => performance.timeOrigin), loaded, 'the page was not loaded anew');
  assert.ok(statuses.every((status) => status === 200 || status === 304), statuses.join());
  assert.deepEqual(complaints, []);
  await page.close();
});
