// Distribution: a country chosen on the map filters everything, its regions and users open.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { collectProblems, expectNoProblems, launchBrowser, openContext, panelsLoaded, signIn } from '../../standalone/e2e/browser.ts';
import { APP, keepImage } from './product.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

test('a country is chosen on the map by keyboard', async () => {
  const context = await openContext(browser);
  const page = await context.newPage();
  const problems = collectProblems(page);
  await signIn(page, 'ada', `${APP}/distribution`);
  const map = page.getByRole('group', { name: /^Map of active users by country/ });
  await map.waitFor();
  await panelsLoaded(page);
  await map.locator('[tabindex="0"]').focus();
  await page.keyboard.press('ArrowRight');
  const country = await map.locator(':focus').getAttribute('data-country');
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`filter=country(:|%3A)${country ?? ''}`));
  await page.getByRole('region', { name: /^Regions of/ }).waitFor();
  await page.getByText(/active users with country/).waitFor();
  await keepImage(page, 'distribution-country-dark');
  expectNoProblems(problems);
  await context.close();
});

test('users behind a bar, and the address that is seen', async () => {
  const context = await openContext(browser);
  const page = await context.newPage();
  await signIn(page, 'ada', `${APP}/distribution?window=7d`);
  const platforms = page.getByRole('region', { name: 'Platforms' });
  await platforms.getByRole('button', { name: /^Users of/ }).first().click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('table', { name: 'Users behind the number' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /Which address we see/ }).click();
  await page.getByText('What to configure').waitFor();
  await page.getByText('TRUSTED_PROXIES', { exact: true }).waitFor();
  await context.close();
});
