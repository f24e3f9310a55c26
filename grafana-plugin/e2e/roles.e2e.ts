// What a role may not do is said kindly on the page, and held by the API whatever the page says.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { collectProblems, expectNoProblems, launchBrowser, openContext, signIn } from '../../standalone/e2e/browser.ts';
import { APP } from './product.ts';

const PROXY = '/api/plugin-proxy/cloudtolocalllm-admincenter-app';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

/** Everybody signs in once. */
const contexts = new Map<string, BrowserContext>();
async function contextOf(login: string): Promise<BrowserContext> {
  const context = contexts.get(login) ?? (await openContext(browser));
  if (!contexts.has(login)) {
    contexts.set(login, context);
    const page = await context.newPage();
    await signIn(page, login, '/healthz');
    await page.close();
  }
  return context;
}

async function as(login: string, path: string, look: (page: Page) => Promise<void>): Promise<void> {
  const page = await (await contextOf(login)).newPage();
  const problems = collectProblems(page, { expectedStatuses: [403] });
  await page.goto(`${APP}/${path}`);
  await look(page);
  expectNoProblems(problems);
  await page.close();
}

test('support does not see revenue, and is told which role does', () =>
  as('sam', 'subscriptions', async (page) => {
    await page.getByText(/Revenue is not part of your role/).waitFor();
    await page.getByText(/finance admin/i).first().waitFor();
    const answer = await page.request.get(`${PROXY}/v1/subscriptions`);
    assert.equal(answer.status(), 403);
    assert.equal(((await answer.json()) as { code: string }).code, 'permission_missing');
  }));

test('finance sees users but cannot suspend them, on the page or past it', () =>
  as('fin', 'users?state=active', async (page) => {
    const row = page.getByRole('table', { name: 'Users' }).getByRole('row').nth(1);
    const button = row.getByRole('button', { name: /^Suspend / });
    await button.waitFor();
    assert.equal(await button.getAttribute('aria-disabled'), 'true');
    const userId = (await row.getByRole('link').getAttribute('href'))?.split('/').at(-1) ?? '';
    const answer = await page.request.post(`${PROXY}/v1/users/${userId}/suspend`, { data: { reason: 'Trying it without the button' }, headers: { origin: new URL(page.url()).origin } });
    assert.equal(answer.status(), 403);
  }));

for (const path of ['overview', 'users', 'impersonation', 'promotions', 'engagement', 'subscriptions', 'audit']) {
  test(`somebody without a role is told so on ${path}`, () =>
    as('vic', path, async (page) => {
      await page.getByText(/You have no admin role/).first().waitFor();
    }));
}
