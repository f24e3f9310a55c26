// Engagement in the browser: the users behind a cell of the retention grid by keyboard, the mode in its title, and a dry run
// of another definition.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { collectProblems, expectNoProblems, launchBrowser, openContext, signIn } from '../../standalone/e2e/browser.ts';
import { APP } from './product.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

test('a cell of the grid is reached by keyboard, its list is as long as its number, and each user has a page', async () => {
  const context = await openContext(browser);
  const page = await context.newPage();
  const problems = collectProblems(page);
  await signIn(page, 'ada', `${APP}/engagement?tab=retention`);
  const cell = page.locator('[data-cell="0,6"]');
  await cell.focus();
  await page.keyboard.press('ArrowRight');
  const [, users] = /: ([\d,]+) of/.exec((await page.locator('[data-cell="1,6"]').getAttribute('aria-label')) ?? '') ?? [];
  const count = Number((users ?? '').replaceAll(',', ''));
  assert.ok(count > 0, 'somebody of the demo came back');
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('table', { name: 'Users behind the number' }).waitFor();
  assert.equal(await drawer.getByRole('row').count(), 1 + Math.min(25, count));
  await drawer.getByRole('link').first().click();
  await page.getByText('Signed up').first().waitFor();
  expectNoProblems(problems);
  await context.close();
});

test('the mode is in the title, and a chosen pair of events says where it comes from', async () => {
  const context = await openContext(browser);
  const page = await context.newPage();
  const problems = collectProblems(page);
  await signIn(page, 'ada', `${APP}/engagement?tab=retention`);
  await page.locator('input[title="On or after"]').click();
  await page.getByRole('heading', { name: 'Retention by week, unbounded: active in the n-th week or later' }).waitFor();
  await page.getByRole('combobox', { name: 'Comes back with' }).click();
  await page.getByRole('option').first().click();
  await page.getByText('This pair of events was computed now').waitFor();
  expectNoProblems(problems);
  await context.close();
});

test('a dry run says how many users another definition would make active; support may not put one in force', async () => {
  const context = await openContext(browser);
  const page = await context.newPage();
  const problems = collectProblems(page);
  await signIn(page, 'ada', `${APP}/engagement?tab=definition`);
  await page.getByRole('button', { name: 'Change the definition' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.locator('input[title="Only these"]').click();
  await drawer.getByRole('textbox', { name: /^Events/ }).fill('Signed Up');
  await drawer.getByRole('button', { name: 'Dry run' }).click();
  await drawer.getByText('Active in 30 days').waitFor();
  expectNoProblems(problems);
  await context.close();

  const other = await openContext(browser);
  const denied = await other.newPage();
  await signIn(denied, 'sam', `${APP}/engagement?tab=definition`);
  assert.equal(await denied.getByRole('button', { name: 'Change the definition' }).getAttribute('aria-disabled'), 'true');
  await other.close();
});
