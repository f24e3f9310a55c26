// Looking at a user who is asked first: refused until they agree in the product, possible then, over when they take it back.
// Both sides are on screen: the admin's in the panel, the user's at the demo host.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { collectProblems, expectNoProblems, launchBrowser, openContext, signIn } from '../../standalone/e2e/browser.ts';
import { confirmWrite } from './confirm.ts';
import { APP } from './product.ts';

const REASON = 'Invoices do not load, ticket SUP-4712';

let browser: Browser;
let host: pg.Client;
before(async () => {
  browser = await launchBrowser();
  host = new pg.Client({ connectionString: process.env['DATABASE_URL'] });
  await host.connect();
});
after(async () => {
  await host.end();
  await browser.close();
});

/** The first of the active free users, who is at the product: the page of theirs that says who looked at their account. */
async function somebodyAtTheProduct(admin: Page): Promise<{ id: string; page: Page }> {
  const answer = await admin.request.get('/api/plugin-proxy/cloudtolocalllm-admincenter-app/v1/users?state=active&tier=free&sort=email&order=asc&limit=1');
  const id = ((await answer.json()) as { items: Array<{ id: string }> }).items[0]?.id ?? '';
  const { rows } = await host.query<{ session_token: string }>(
    "INSERT INTO public.user_sessions (user_id, session_token, expires_at) VALUES ($1, gen_random_uuid()::text, now() + interval '1 hour') RETURNING session_token",
    [id],
  );
  const baseURL = process.env['DEMO_HOST_URL'] ?? '';
  const context = await openContext(browser, { baseURL });
  await context.addCookies([{ name: 'acme_session', value: rows[0]?.session_token ?? '', url: baseURL }]);
  const page = await context.newPage();
  await page.goto('/account/access');
  return { id, page };
}

async function setRule(page: Page, button: 'Ask first' | 'Ask no longer'): Promise<void> {
  await page.goto(`${APP}/impersonation`);
  await page.getByRole('button', { name: `${button} users of the tier free` }).click();
  await confirmWrite(page, button, REASON);
}

test('a user who is asked first is looked at when they agree, and no longer when they take it back', { timeout: 180_000 }, async () => {
  const page = await (await openContext(browser)).newPage();
  const problems = collectProblems(page);
  await signIn(page, 'ada', `${APP}/impersonation`);
  const user = await somebodyAtTheProduct(page);
  await setRule(page, 'Ask first');

  await page.goto(`${APP}/impersonation?user=${user.id}`);
  const drawer = page.getByRole('dialog');
  await drawer.getByText(/are asked first, and this one has not agreed/).waitFor();

  await user.page.reload();
  await user.page.getByRole('button', { name: 'Let support in for 24 hours' }).click();
  await user.page.getByText(/You let support in until/).waitFor();

  await page.goto(`${APP}/impersonation?user=${user.id}`);
  await drawer.getByLabel('What this touches').waitFor();
  await drawer.getByRole('combobox', { name: 'What it is about' }).click();
  await page.getByRole('option', { name: 'Support request' }).click();
  await drawer.getByLabel(/^Reason/).fill(REASON);
  await drawer.getByRole('button', { name: 'Ask for the session' }).click();
  const handOff = (await page.getByRole('link', { name: 'Open the session' }).getAttribute('href')) ?? '';
  await page.getByRole('button', { name: 'Done' }).click();
  const support = await (await openContext(browser, { baseURL: process.env['DEMO_HOST_URL'] ?? '' })).newPage();
  await support.goto(handOff);
  await support.getByRole('button', { name: 'Start' }).click();
  await support.getByText('You are acting as').waitFor();

  await user.page.reload();
  await user.page.getByRole('table', { name: 'Who acted as you' }).getByText('under way').waitFor();
  await user.page.getByRole('button', { name: 'Take it back now' }).click();
  await user.page.getByText('You have not agreed').waitFor();
  assert.equal((await support.request.get('/api/profile')).status(), 401);
  while ((await user.page.getByText('consent over').count()) === 0) {
    await user.page.reload();
  }

  await setRule(page, 'Ask no longer');
  expectNoProblems(problems);
  for (const { page: opened } of [user, { page: support }, { page }]) {
    await opened.context().close();
  }
});
