// Looking at the product as a user: asked for from the link of a panel, handed over to the host, held to its limits there,
// ended from here, and told in the session's report. The host is the demo host of the stack.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { collectProblems, expectNoProblems, launchBrowser, openContext, signIn } from '../../standalone/e2e/browser.ts';
import { APP } from './product.ts';

const PROXY = '/api/plugin-proxy/cloudtolocalllm-admincenter-app';
const REASON = 'Cannot see her tunnels, ticket SUP-4711';
const PATIENCE_MS = 30_000;

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

/** The first of the active premium users: no admin, and no approval is needed to look at them. */
async function someUser(page: Page): Promise<{ id: string; email: string }> {
  const answer = await page.request.get(`${PROXY}/v1/users?state=active&tier=premium&sort=email&order=asc&limit=1`);
  const { items } = (await answer.json()) as { items: Array<{ id: string; email: string }> };
  assert.ok(items[0], 'the demo company has a premium user');
  return items[0];
}

async function eventually(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    assert.ok(Date.now() < deadline, `${what}, still not after ${PATIENCE_MS / 1000} s`);
    await sleep(250);
  }
}

async function askForSession(page: Page): Promise<string> {
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('What this touches').waitFor();
  await drawer.getByRole('combobox', { name: 'What it is about' }).click();
  await page.getByRole('option', { name: 'Support request' }).click();
  await drawer.getByLabel(/^Reason/).fill('spam');
  await drawer.getByText('Say why in at least 10 characters.').waitFor();
  await drawer.getByLabel(/^Reason/).fill(REASON);
  await drawer.getByRole('button', { name: 'Ask for the session' }).click();
  await page.getByLabel('One-time code').waitFor();
  const href = await page.getByRole('link', { name: 'Open the session' }).getAttribute('href');
  await page.getByRole('button', { name: 'Done' }).click();
  return href ?? '';
}

test('from the link of a panel to the report: handed over, refused a protected action, ended, out', async () => {
  const context = await openContext(browser);
  const page = await context.newPage();
  const problems = collectProblems(page);
  await signIn(page, 'ada', `${APP}/overview`);
  const { id, email } = await someUser(page);
  const link = new URLSearchParams({ user: id, panelTitle: 'Errors by user', panelUrl: '/d/errors?viewPanel=4', from: 'now-1h', to: 'now' });
  await page.goto(`${APP}/impersonation?${link}`);
  await page.getByRole('dialog').getByText('From Errors by user').waitFor();
  const handOff = await askForSession(page);

  const host = await openContext(browser, { baseURL: process.env['DEMO_HOST_URL'] ?? '' });
  const product = await host.newPage();
  await product.goto(handOff);
  await product.getByRole('button', { name: 'Start' }).click();
  await product.getByText(`You are acting as ${email}`).waitFor();
  assert.equal((await product.request.get('/api/profile')).status(), 200);
  const refused = await product.request.post('/api/password');
  assert.equal(refused.status(), 403);
  assert.match(((await refused.json()) as { type: string }).type, /impersonation-restricted/);

  const sessions = page.getByRole('table', { name: 'Sessions under way' });
  await page.goto(`${APP}/impersonation`);
  await sessions.getByRole('timer', { name: `Time left of the session with ${email}` }).waitFor();
  await sessions.getByRole('button', { name: `End now the session with ${email}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/Reason/).fill('Seen what there was to see');
  await dialog.getByRole('button', { name: 'End the session' }).click();
  await page.getByRole('button', { name: `End now the session with ${email}` }).waitFor({ state: 'detached' });
  await eventually('the host refuses the next request', async () => (await product.request.get('/api/profile')).status() === 401);
  await host.close();

  await page.getByRole('table', { name: 'Sessions', exact: true }).getByRole('button', { name: `Report of the session with ${email}` }).first().click();
  await page.getByLabel('The session').getByText(REASON).waitFor();
  await page.getByLabel('The session').getByText('ended here').waitFor();
  const sessionId = new URL(page.url()).searchParams.get('session');
  await eventually('the host has reported the refused request', async () => {
    const report = await page.request.get(`${PROXY}/v1/impersonation/sessions/${sessionId}/requests?blocked=true`);
    return ((await report.json()) as { items: unknown[] }).items.length > 0;
  });
  await page.reload();
  await page.getByRole('table', { name: 'Requests' }).getByText('POST /api/password').waitFor();
  await page.getByRole('table', { name: 'Requests' }).getByText('refused: password').waitFor();
  assert.equal(await page.getByRole('link', { name: 'Errors by user' }).getAttribute('href'), '/d/errors?viewPanel=4');
  expectNoProblems(problems);
  await context.close();
});

test('an admin is never impersonated, and the form says so before it is sent', async () => {
  const context = await openContext(browser);
  const page = await context.newPage();
  const problems = collectProblems(page);
  await signIn(page, 'ada', `${APP}/users?q=sam.rivera`);
  await page.getByRole('button', { name: /^Impersonate sam\.rivera/ }).click();
  await page.getByText('This user cannot be impersonated').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Ask for the session' }).isDisabled(), true);
  expectNoProblems(problems);
  await context.close();
});

test('finance neither sees sessions nor asks for one, on the page or past it', async () => {
  const context = await openContext(browser);
  const page = await context.newPage();
  const problems = collectProblems(page, { expectedStatuses: [403] });
  await signIn(page, 'fin', `${APP}/impersonation`);
  await page.getByText(/Impersonation is not part of your role/).waitFor();
  const { id } = await someUser(page);
  const answer = await page.request.post(`${PROXY}/v1/impersonation/sessions`, { data: { userId: id, reason: REASON, reasonClass: 'support_request' }, headers: { origin: new URL(page.url()).origin } });
  assert.equal(answer.status(), 403);
  await page.goto(`${APP}/users?state=active`);
  assert.equal(await page.getByRole('button', { name: /^Impersonate / }).first().getAttribute('aria-disabled'), 'true');
  expectNoProblems(problems);
  await context.close();
});
