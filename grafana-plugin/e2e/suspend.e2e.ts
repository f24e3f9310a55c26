// One action and everything it touches: suspended from the list, seen in the audit log, counted, marked on the graphs,
// and taken back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { collectProblems, expectNoProblems, launchBrowser, openContext, signIn } from '../../standalone/e2e/browser.ts';
import { APP } from './product.ts';

const PROXY = '/api/plugin-proxy/cloudtolocalllm-admincenter-app';
const SUSPENSIONS = 'admincenter_actions_total{action="users.suspend",outcome="success",actor_role="super_admin"}';
const PATIENCE_MS = 60_000;

let browser: Browser;
let context: BrowserContext;
let page: Page;
before(async () => {
  browser = await launchBrowser();
  context = await openContext(browser);
  page = await context.newPage();
});
after(() => browser.close());

/** Asks until the answer is right; collectors, scrapes and the relay each have their own rhythm. */
async function eventually<T>(what: string, read: () => Promise<T>, isRight: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await read();
    if (isRight(value)) {
      return value;
    }
    assert.ok(Date.now() < deadline, `${what}: still ${JSON.stringify(value)}`);
    await sleep(500);
  }
}

async function exported(series: string): Promise<number> {
  const text = await (await fetch(`${process.env['EXPORTER_URL']}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(series));
  return line === undefined ? Number.NaN : Number(line.slice(series.length));
}

async function inPrometheus(query: string): Promise<number> {
  const answer = await fetch(`${process.env['PROMETHEUS_URL']}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { data } = (await answer.json()) as { data: { result: Array<{ value: [number, string] }> } };
  return Number(data.result[0]?.value[1] ?? Number.NaN);
}

test('suspend from the list: preview, reason, audit row, counter, mark; then reactivate', async () => {
  const problems = collectProblems(page, { expectedStatuses: [] });
  await signIn(page, 'ada', `${APP}/users?state=active`);
  const row = page.getByRole('table', { name: 'Users' }).getByRole('row').nth(1);
  const name = await row.getByRole('link').innerText();
  const href = await row.getByRole('link').getAttribute('href');
  const userId = new URL(href ?? '', 'http://x').pathname.split('/').at(-1) ?? '';
  const before = await eventually('counter', () => exported(SUSPENSIONS), Number.isFinite);

  await row.getByRole('button', { name: /^Suspend / }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/session/i).first().waitFor();
  await dialog.getByRole('button', { name: 'Suspend user' }).click();
  await dialog.getByText('Say why in at least 10 characters.').waitFor();
  await dialog.getByLabel(/Reason/).fill('Chargeback fraud, ticket 4711');
  await dialog.getByRole('button', { name: 'Suspend user' }).click();
  await page.getByText(/is suspended; sessions ended: \d+\./).waitFor();
  await dialog.waitFor({ state: 'hidden' });

  await page.goto(`${APP}/users/${userId}`);
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await page.getByText(/Chargeback fraud, ticket 4711/).first().waitFor();
  await page.getByRole('table', { name: 'Admin actions' }).getByText('users.suspend').waitFor();

  await page.goto(`${APP}/audit?targetId=${userId}`);
  await page.getByRole('table').getByText('users.suspend').first().waitFor();

  await eventually('counter at the exporter', () => exported(SUSPENSIONS), (value) => value === before + 1);
  await eventually('counter in Prometheus', () => inPrometheus(SUSPENSIONS), (value) => value === before + 1);
  const marks = async (): Promise<string[]> => {
    const range = `from=${new Date(Date.now() - 600_000).toISOString()}&to=${new Date(Date.now() + 60_000).toISOString()}`;
    const answer = await page.request.get(`${PROXY}/v1/audit/marks?${range}&targetId=${userId}`);
    return ((await answer.json()) as { items: Array<{ tags: string[] }> }).items.map(({ tags }) => tags.join(' '));
  };
  const [mark] = await eventually('mark', marks, (items) => items.length === 1);
  assert.match(mark ?? '', /users\.suspend/);
  await page.goto(`${APP}/overview?from=now-1h&to=now`);
  await page.getByRole('button', { name: /^Annotation: .*uspend/ }).first().waitFor();

  await page.goto(`${APP}/users/${userId}`);
  await page.getByRole('button', { name: /^Reactivate / }).click();
  await dialog.getByLabel(/Reason/).fill('Cleared with the bank, ticket 4711');
  await dialog.getByRole('button', { name: 'Reactivate user' }).click();
  await page.getByText(/is active again/).waitFor();
  expectNoProblems(problems);
});

test('a user changed by somebody else meanwhile is shown anew before anything happens', async () => {
  const other = await openContext(browser);
  const tab = await other.newPage();
  const problems = collectProblems(tab, { expectedStatuses: [409] });
  await signIn(tab, 'ada', `${APP}/users?state=active&sort=email&order=asc`);
  const row = tab.getByRole('table', { name: 'Users' }).getByRole('row').nth(2);
  const userId = (await row.getByRole('link').getAttribute('href'))?.split('/').at(-1) ?? '';
  await row.getByRole('button', { name: /^Suspend / }).click();
  const dialog = tab.getByRole('dialog');
  await dialog.getByLabel(/Reason/).fill('Two admins at the same user');
  const origin = new URL(tab.url()).origin;
  const meanwhile = await tab.request.post(`${PROXY}/v1/users/${userId}/suspend`, { data: { reason: 'The other admin was faster' }, headers: { origin } });
  assert.equal(meanwhile.status(), 200);
  await dialog.getByRole('button', { name: 'Suspend user' }).click();
  await dialog.getByText(/changed since you looked/).waitFor();
  expectNoProblems(problems);
  await other.close();
});
