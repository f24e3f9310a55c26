// Experiments in the browser: from the list to a result, its chart by keyboard, the users behind a variant, and the way from
// the flag.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { collectProblems, expectNoProblems, launchBrowser, openContext, signIn } from '../../standalone/e2e/browser.ts';
import { APP } from './product.ts';

/** The demo's experiment that was stopped at its planned size. */
const STOPPED = { flag: 'onboarding-checklist', name: 'Onboarding checklist' };

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

test('from the list to a result', async () => {
  const context = await openContext(browser);
  const page = await context.newPage();
  const problems = collectProblems(page);
  await signIn(page, 'ada', `${APP}/conversion?tab=experiments`);
  const list = page.getByRole('table', { name: 'Experiments', exact: true });
  await list.getByText('running').first().waitFor();
  await list.getByRole('link', { name: STOPPED.name }).click();
  await page.getByRole('list', { name: 'Effects against long' }).getByRole('listitem', { name: /^short: / }).waitFor();
  const chart = page.getByRole('slider', { name: /day by day/ });
  await chart.focus();
  const last = await chart.getAttribute('aria-valuetext');
  await page.keyboard.press('ArrowLeft');
  assert.notEqual(await chart.getAttribute('aria-valuetext'), last);
  expectNoProblems(problems);
  await context.close();
});

test('the flag leads to its result, and the result to its users', async () => {
  const context = await openContext(browser);
  const page = await context.newPage();
  const problems = collectProblems(page);
  await signIn(page, 'ada', `${APP}/flags/${STOPPED.flag}/experiment`);
  await page.getByRole('link', { name: 'Results' }).click();
  const users = page.getByRole('button', { name: 'Users of short' });
  const count = Number(((await users.textContent()) ?? '').replaceAll(',', ''));
  assert.ok(count > 0, 'the demo exposed somebody');
  await users.click();
  await page.getByRole('table', { name: 'Users behind the number' }).getByRole('link').first().waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'Split by' }).click();
  await page.getByRole('option', { name: 'platform' }).click();
  await page.getByRole('table', { name: 'Means by platform' }).waitFor();
  expectNoProblems(problems);
  await context.close();
});
