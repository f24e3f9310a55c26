// Every page, in both themes, as the super admin: it fills with data, nothing complains, and a person who cannot see or
// cannot use a mouse gets along (axe, WCAG 2.1 AA). With IMAGES_DIR set, the pages are kept as pictures for the README.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { collectProblems, expectNoProblems, launchBrowser, openContext, panelsLoaded, signIn, type Theme } from '../../standalone/e2e/browser.ts';

const APP = '/a/cloudtolocalllm-admincenter-app';
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
/** Grafana's own controls: its refresh button has no name, its legend and interval picker are named unlike they read. */
const GRAFANAS_BUTTON = '[data-testid="data-testid RefreshPicker run button"]';
const GRAFANAS_RULE = 'label-content-name-mismatch';

/** What must be on each page once it has its data; before an admin has acted, the audit log has none. */
const PAGES: ReadonlyArray<{ readonly path: string; readonly title: string; readonly shows: readonly string[]; readonly mayBeEmpty?: boolean; readonly image?: string }> = [
  { path: 'overview', title: 'Overview', shows: ['Active users', 'Sign-ups'] },
  { path: 'users', title: 'Users', shows: ['Signed up', 'Last seen'] },
  { path: 'impersonation', title: 'Impersonation', shows: ['Sessions under way', 'What a session may do', 'refused'] },
  { path: 'promotions', title: 'Promotions', shows: ['New campaign', 'Redemptions'] },
  { path: 'flags', title: 'Flags', shows: ['Evaluations by flag', 'Last evaluated', 'stream-responses'] },
  { path: 'flags/stream-responses', title: 'Stream responses', shows: ['Who gets which variant', 'Everybody else gets', 'Share'], image: 'flag' },
  { path: 'flags/new-tunnel-engine/ramp', title: 'New tunnel engine', shows: ['Where the ramp stands', 'Guardrails'], image: 'flag-ramp' },
  { path: 'flags/pricing-page/experiment', title: 'Pricing page', shows: ['Hypothesis'], image: 'flag-experiment' },
  { path: 'flags/stream-responses/usage', title: 'Stream responses', shows: ['Evaluations of the last 30 days', 'Rollout'], image: 'flag-usage' },
  { path: 'engagement', title: 'Engagement', shows: ['Stickiness'] },
  { path: 'subscriptions', title: 'Revenue', shows: ['Payments'] },
  { path: 'audit', title: 'Audit', shows: ['Chain'], mayBeEmpty: true },
  { path: 'configuration', title: 'Configuration', shows: ['pg_trgm'] },
];

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

const keepImage = async (page: Page, name: string): Promise<void> => {
  const folder = process.env['IMAGES_DIR'];
  if (folder !== undefined) {
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
  }
};

/** Panels that stayed without data; none of the demo's may. */
const emptyPanels = (page: Page): Promise<string[]> =>
  page.locator('section', { hasText: 'No data' }).evaluateAll((sections) => sections.map((section) => section.querySelector('h2')?.textContent ?? 'a panel without a title'));

for (const theme of ['dark', 'light'] satisfies Theme[]) {
  describe(`every page, ${theme}`, () => {
    for (const { path: page, title, shows, mayBeEmpty = false, image = title.toLowerCase() } of PAGES) {
      test(page, async () => {
        const context = await openContext(browser, { theme });
        const tab = await context.newPage();
        const problems = collectProblems(tab);
        await signIn(tab, 'ada', `${APP}/${page}`);
        await tab.getByRole('heading', { level: 1, name: title }).waitFor();
        for (const text of shows) {
          await tab.getByText(text).first().waitFor();
        }
        await panelsLoaded(tab);
        assert.deepEqual(mayBeEmpty ? [] : await emptyPanels(tab), [], 'panels without data');
        await keepImage(tab, `${image}-${theme}`);
        const { violations } = await new AxeBuilder({ page: tab }).withTags(WCAG).include('main').exclude(GRAFANAS_BUTTON).disableRules(GRAFANAS_RULE).analyze();
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`), []);
        expectNoProblems(problems);
        await context.close();
      });
    }
  });
}

test('a page 768 pixels wide needs no sideways scrolling', async () => {
  const context = await openContext(browser, { viewport: { width: 768, height: 1024 } });
  const tab = await context.newPage();
  const problems = collectProblems(tab);
  await signIn(tab, 'ada', `${APP}/overview`);
  await tab.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await panelsLoaded(tab);
  const overflow = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(overflow, 0);
  expectNoProblems(problems);
  await context.close();
});
