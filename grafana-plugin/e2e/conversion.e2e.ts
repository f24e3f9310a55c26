// Conversion in the browser: the persons behind a bar of the demo's funnel by keyboard, and a funnel that is made, worked out,
// archived and deleted.
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { collectProblems, expectNoProblems, launchBrowser, openContext, signIn } from '../../standalone/e2e/browser.ts';
import { confirmWrite } from './confirm.ts';
import { APP } from './product.ts';

const REASON = 'To see where people stop, ticket GRW-4';
/** Keys stay taken, so a second run on the same product needs others. */
const NAME = `Trial to paid ${Date.now().toString(36)}`;
const BUILT_MS = 120_000;

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

test('from the list to a funnel, and to the persons behind its first bar', async () => {
  const context = await openContext(browser);
  const page = await context.newPage();
  const problems = collectProblems(page);
  await signIn(page, 'ada', `${APP}/conversion?from=now-90d&to=now`);
  await page.getByRole('tab', { name: 'Funnels' }).click();
  await page.getByRole('button', { name: 'Open Onboarding' }).click();
  const bars = page.getByRole('region', { name: 'Everybody' }).getByRole('button');
  await bars.first().waitFor({ timeout: BUILT_MS });
  await bars.first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText(/@/).first().waitFor();
  expectNoProblems(problems);
  await context.close();
});

test('a funnel is made as one types, worked out, archived and deleted', async () => {
  const context = await openContext(browser);
  const page = await context.newPage();
  // While its past is worked out a funnel has no result yet, which the page shows as progress.
  const problems = collectProblems(page, { expectedStatuses: [409] });
  await signIn(page, 'ada', `${APP}/conversion?tab=funnels&from=now-90d&to=now`);
  await page.getByRole('button', { name: 'New funnel' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel(/^Name/).first().fill(NAME);
  await drawer.getByLabel('Name of step 1').fill('Trial Started');
  await drawer.getByLabel('Name of step 2').fill('Subscription Started');
  await drawer.getByText(/entered, .* converted/).waitFor();
  await drawer.getByRole('spinbutton', { name: 'Longest time before step 2' }).fill('20');
  await drawer.getByText('It must not be longer than that of the funnel.').waitFor();
  await drawer.getByRole('spinbutton', { name: 'Longest time before step 2' }).fill('');
  await drawer.getByLabel(/^Reason/).fill(REASON);
  await drawer.getByRole('button', { name: 'Create funnel' }).click();
  await drawer.waitFor({ state: 'hidden' });
  await page.getByRole('region', { name: 'Everybody' }).getByRole('button').first().waitFor({ timeout: BUILT_MS });

  const confirm = (button: string) => confirmWrite(page, button, REASON);
  await page.getByRole('button', { name: `Archive ${NAME}` }).click();
  await confirm('Archive the funnel');
  await page.getByText('This funnel is in the archive').waitFor();
  await page.getByRole('button', { name: 'All funnels' }).click();
  await page.getByRole('checkbox', { name: 'Archive' }).check({ force: true });
  await page.getByRole('button', { name: `Delete ${NAME}` }).click();
  await confirm('Delete the funnel');
  await page.getByRole('button', { name: `Delete ${NAME}` }).waitFor({ state: 'hidden' });
  expectNoProblems(problems);
  await context.close();
});
