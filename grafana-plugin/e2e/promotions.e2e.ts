// Promotions from the page: a coupon and its code, what the code would do to an invoice, a campaign started and killed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { collectProblems, expectNoProblems, launchBrowser, openContext, signIn } from '../../standalone/e2e/browser.ts';
import { confirmWrite } from './confirm.ts';
import { APP } from './product.ts';

const PROXY = '/api/plugin-proxy/cloudtolocalllm-admincenter-app';
const REASON = 'Autumn offer, ticket MKT-12';
/** Codes and keys stay taken, so a second run on the same product needs others. */
const RUN = Date.now().toString(36).toUpperCase().replaceAll(/[01ILO]/g, 'X');
const COUPON = `Autumn ${RUN}`;
const CODE = `AUTUMN-${RUN}`;
const CAMPAIGN = `Autumn offer ${RUN}`;

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function confirm(page: Page, button: string): Promise<void> {
  await page.getByRole('dialog').getByLabel('What this touches').waitFor();
  await confirmWrite(page, button, REASON);
}

const row = (page: Page, table: string, text: string) => page.getByRole('table', { name: table, exact: true }).getByRole('row').filter({ hasText: text });

test('a coupon, its code, and what the code would do to an invoice', async () => {
  const context = await openContext(browser);
  const page = await context.newPage();
  const problems = collectProblems(page, { expectedStatuses: [409] });
  await signIn(page, 'fin', `${APP}/promotions?tab=coupons`);
  await page.getByRole('button', { name: 'New coupon' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('Name').fill(COUPON);
  await drawer.getByLabel('Percent off').fill('150');
  await drawer.getByText('More than 0, at most 100, up to two decimals.').waitFor();
  await drawer.getByLabel('Percent off').fill('25');
  await drawer.getByText('More than 0, at most 100, up to two decimals.').waitFor({ state: 'hidden' });
  await drawer.getByLabel(/^Reason/).fill(REASON);
  await drawer.getByRole('button', { name: 'Create the coupon' }).click();
  const coupon = row(page, 'Coupons', COUPON);
  await coupon.getByText('draft').waitFor();
  await coupon.getByRole('button', { name: `Activate ${COUPON}` }).click();
  await confirm(page, 'Activate the coupon');
  await coupon.getByText('active').waitFor();

  await page.getByRole('tab', { name: 'Codes' }).click();
  await page.getByRole('button', { name: 'New code' }).click();
  await drawer.getByLabel('Code', { exact: false }).first().fill(CODE.toLowerCase());
  await drawer.getByRole('combobox', { name: 'Coupon' }).click();
  await page.getByRole('option', { name: COUPON }).click();
  await drawer.getByLabel(/^Reason/).fill(REASON);
  await drawer.getByRole('button', { name: 'Create the code' }).click();
  await row(page, 'Codes', CODE).getByText('redeemable').waitFor();

  const users = await page.request.get(`${PROXY}/v1/users?state=active&tier=premium&sort=email&order=asc&limit=20`);
  const payer = ((await users.json()) as { items: Array<{ email: string; mrr: unknown[] }> }).items.find(({ mrr }) => mrr.length > 0);
  assert.ok(payer, 'the demo company has a payer');
  await page.getByRole('combobox', { name: 'User of the preview' }).fill(payer.email);
  await page.getByRole('option', { name: payer.email }).first().click();
  await page.getByPlaceholder('WELCOME25').last().fill(CODE);
  const bill = page.getByRole('table', { name: 'Next invoice' });
  await bill.getByText(`${COUPON} (${CODE}), for 1 month`).waitFor();
  expectNoProblems(problems);
  await context.close();
});

test('a campaign is started and killed, and its page tells', async () => {
  const context = await openContext(browser);
  const page = await context.newPage();
  const problems = collectProblems(page, { expectedStatuses: [409] });
  await signIn(page, 'ada', `${APP}/promotions`);
  await page.getByRole('button', { name: 'New campaign' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('Key').fill('Not A Key');
  await drawer.getByText('Use 3 to 50 lower-case letters, digits and hyphens.').waitFor();
  await drawer.getByLabel('Key').fill(`autumn-${RUN.toLowerCase()}`);
  await drawer.getByLabel(/^Name/).fill(CAMPAIGN);
  await drawer.getByLabel(/^Reason/).fill(REASON);
  await drawer.getByRole('button', { name: 'Create the campaign' }).click();
  const campaign = row(page, 'Campaigns', CAMPAIGN);
  await campaign.getByText('draft').waitFor();
  await campaign.getByRole('button', { name: `Activate ${CAMPAIGN}` }).click();
  await confirm(page, 'Activate the campaign');
  await campaign.getByText('running').waitFor();
  await campaign.getByRole('button', { name: `Kill ${CAMPAIGN}` }).click();
  await confirm(page, 'Kill the campaign');
  await campaign.getByText('killed').waitFor();
  await campaign.getByRole('link', { name: CAMPAIGN, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: CAMPAIGN }).waitFor();
  await page.getByLabel('The campaign').getByText('killed').waitFor();
  await page.getByText('Nothing was redeemed yet').first().waitFor();
  expectNoProblems(problems);
  await context.close();
});

test('support neither sees promotions nor makes one, on the page or past it', async () => {
  const context = await openContext(browser);
  const page = await context.newPage();
  const problems = collectProblems(page, { expectedStatuses: [403] });
  await signIn(page, 'sam', `${APP}/promotions`);
  await page.getByText(/Promotions is not part of your role/).waitFor();
  const answer = await page.request.post(`${PROXY}/v1/promotions/coupons`, { data: { name: 'Free for all', reason: REASON }, headers: { origin: new URL(page.url()).origin } });
  assert.equal(answer.status(), 403);
  expectNoProblems(problems);
  await context.close();
});
