// The product in the shell: sign in, a page of live graphs in both themes, the plugin byte for byte, and nothing complains.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import {
  baseUrl,
  collectProblems,
  expectNoProblems,
  launchBrowser,
  openContext,
  panelsLoaded,
  signIn,
  type Theme,
} from './browser.ts';

const DIST = path.resolve(import.meta.dirname, '../../grafana-plugin/dist');

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

for (const theme of ['dark', 'light'] satisfies Theme[]) {
  test(`the first page shows graphs without a complaint, ${theme}`, async () => {
    const context = await openContext(browser, { theme });
    const page = await context.newPage();
    const problems = collectProblems(page);
    await signIn(page, 'ada');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('.u-over').first().waitFor();
    await panelsLoaded(page);
    assert.equal(await page.locator(`body.theme-${theme}`).count(), 1);
    expectNoProblems(problems);
    await context.close();
  });
}

test('the browser gets the very bytes of the build', async () => {
  const { id } = JSON.parse(await readFile(path.join(DIST, 'plugin.json'), 'utf8')) as { id: string };
  const served = Buffer.from(await (await fetch(`${baseUrl()}/public/plugins/${id}/module.js`)).arrayBuffer());
  const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
  assert.equal(sha256(served), sha256(await readFile(path.join(DIST, 'module.js'))));
});
