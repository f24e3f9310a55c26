// The two-person rule in the browser: one admin asks, another sees it waiting and decides by the keyboard alone, and only
// then, once, may the first act. The write is the impersonation of an enterprise user.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { collectProblems, expectNoProblems, launchBrowser, openContext, signIn } from '../../standalone/e2e/browser.ts';
import { APP } from './product.ts';

const PROXY = '/api/plugin-proxy/cloudtolocalllm-admincenter-app';
const REASON = 'Their invoices are empty since Monday';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function signedIn(login: string, path: string): Promise<Page> {
  const page = await (await openContext(browser)).newPage();
  await signIn(page, login, path);
  return page;
}

/** @returns the id of an active enterprise user, the nth of the list */
async function enterpriseUser(page: Page, nth: number): Promise<string> {
  const link = page.getByRole('table', { name: 'Users' }).getByRole('row').nth(nth).getByRole('link');
  return new URL((await link.getAttribute('href')) ?? '', 'http://x').pathname.split('/').at(-1) ?? '';
}

/** Fills the request in and asks for the approval it needs. */
async function ask(page: Page, userId: string): Promise<void> {
  await page.goto(`${APP}/impersonation?user=${userId}`);
  const drawer = page.getByRole('dialog');
  await drawer.getByText('This takes the approval of another admin').waitFor();
  await drawer.getByRole('combobox', { name: /What it is about/ }).click();
  await page.getByRole('option').first().click();
  await drawer.getByLabel(/^Reason/).fill(REASON);
  await drawer.getByRole('button', { name: 'Ask for approval' }).click();
  await drawer.getByText('Waiting for another super admin').waitFor();
}

test('asked by one, approved by another with the keyboard, done once', async () => {
  const sam = await signedIn('sam', `${APP}/users?state=active&tier=enterprise`);
  const samProblems = collectProblems(sam, { expectedStatuses: [409] });
  await ask(sam, await enterpriseUser(sam, 1));

  const ada = await signedIn('ada', `${APP}/overview`);
  const problems = collectProblems(ada);
  await ada.getByText(/waits? for your approval/).waitFor();
  await ada.getByRole('link', { name: 'Look at the approvals' }).click();
  const row = ada.getByRole('table', { name: 'Approvals' }).getByRole('row').nth(1);
  await row.getByText(/^sam\b.*@/).first().waitFor();
  await row.getByRole('button', { name: /^Approve / }).focus();
  await ada.keyboard.press('Enter');
  const dialog = ada.getByRole('dialog');
  await dialog.getByText(REASON).waitFor();
  await dialog.getByText(/1 user \(1 enterprise\)/).waitFor();
  await dialog.getByLabel(/Reason/).focus();
  await ada.keyboard.type('Talked to the customer, they agree.');
  await ada.keyboard.press('Tab');
  await ada.keyboard.press('Tab');
  await ada.keyboard.press('Enter');
  await ada.getByText(/^Approved\. sam\b/).waitFor();
  await ada.getByText('Nothing waits for an approval').or(ada.getByRole('table', { name: 'Approvals' })).first().waitFor();

  const drawer = sam.getByRole('dialog');
  await drawer.getByText(/^Approved by ada\b/).waitFor();
  await drawer.getByRole('button', { name: 'Ask for the session' }).click();
  await drawer.getByRole('button', { name: 'Ask for the session' }).waitFor({ state: 'hidden' });

  await ada.getByRole('radio', { name: 'Past' }).click({ force: true });
  await ada.getByRole('table', { name: 'Approvals' }).getByText('used').first().waitFor();
  await ada.getByRole('table', { name: 'Audit entries' }).getByText('audit.approve').first().waitFor();
  expectNoProblems(problems);
  expectNoProblems(samProblems);
});

test('nobody decides about their own request: no button, and the API refuses', async () => {
  const ada = await signedIn('ada', `${APP}/users?state=active&tier=enterprise`);
  const problems = collectProblems(ada, { expectedStatuses: [403, 409] });
  await ask(ada, await enterpriseUser(ada, 2));
  await ada.goto(`${APP}/audit`);
  const mine = ada.getByRole('table', { name: 'Approvals' }).getByRole('row').filter({ hasText: '(you)' }).first();
  await mine.waitFor();
  assert.equal(await mine.getByRole('button', { name: /^(Approve|Reject) / }).count(), 0);

  const list = (await (await ada.request.get(`${PROXY}/v1/audit/approvals?open=true`)).json()) as { items: Array<{ id: string; mine: boolean; mayDecide: boolean }> };
  const own = list.items.find((item) => item.mine);
  assert.equal(own?.mayDecide, false);
  const answer = await ada.request.post(`${PROXY}/v1/audit/approvals/${own?.id}/approve`, { data: { reason: 'I trust myself enough.' }, headers: { origin: new URL(ada.url()).origin } });
  assert.equal(answer.status(), 403);
  assert.equal(((await answer.json()) as { code: string }).code, 'own_request');

  await mine.getByRole('button', { name: /^Withdraw/ }).click();
  await ada.getByText('Withdrawn.').waitFor();
  await mine.waitFor({ state: 'hidden' });
  expectNoProblems(problems);
});
