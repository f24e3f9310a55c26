// Every page and tab, in both themes, as the super admin: it fills with data, nothing complains, everybody can use it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { collectProblems, expectNoProblems, launchBrowser, openContext, panelsLoaded, signIn, type Theme } from '../../standalone/e2e/browser.ts';
import { APP, expectAccessible, keepImage } from './product.ts';

/** What each page says or names once it has its data. */
const PAGES: ReadonlyArray<{ readonly path: string; readonly title: string; readonly shows: readonly string[]; readonly image?: string }> = [
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
  { path: 'engagement?tab=retention', title: 'Engagement', shows: ['Retention by week, bounded: active in the n-th week'], image: 'engagement-retention' },
  { path: 'engagement?tab=activity', title: 'Engagement', shows: ['Active users by calendar day'], image: 'engagement-activity' },
  { path: 'engagement?tab=lifecycle', title: 'Engagement', shows: ['Lifecycle by week'], image: 'engagement-lifecycle' },
  { path: 'engagement?tab=features', title: 'Engagement', shows: ['Features'], image: 'engagement-features' },
  { path: 'engagement?tab=sessions', title: 'Engagement', shows: ['Sessions by duration'], image: 'engagement-sessions' },
  { path: 'engagement?tab=at-risk', title: 'Engagement', shows: ['Users at risk'], image: 'engagement-at-risk' },
  { path: 'engagement?tab=definition', title: 'Engagement', shows: ['Versions of the definition'], image: 'engagement-definition' },
  { path: 'conversion?from=now-90d&to=now', title: 'Conversion', shows: ['users were free at the beginning'] },
  { path: 'conversion?tab=funnels&funnel=onboarding&from=now-90d&to=now', title: 'Conversion', shows: ['Everybody', 'Share that has converted after so long (Kaplan-Meier)'], image: 'funnel' },
  { path: 'conversion?tab=experiments', title: 'Conversion', shows: ['Experiments', 'running'], image: 'experiments' },
  { path: 'conversion?tab=experiments&experiment=onboarding-checklist', title: 'Conversion', shows: ['Effects against long'], image: 'experiment' },
  { path: 'distribution', title: 'Distribution', shows: ['Map of active users by country', 'Countries', 'Operating systems', 'Use by platform'] },
  { path: 'subscriptions', title: 'Revenue', shows: ['Payments'] },
  { path: 'audit', title: 'Audit', shows: ['Chain of hashes', '@acme.example'] },
  { path: 'configuration', title: 'Configuration', shows: ['pg_trgm'] },
];

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

/** Of counters that begin with the installation: nothing to draw until a step of the graph ends after their first scrapes. */
const YOUNG = ['Addresses of events'];

/** Panels that stayed without data; none of the demo's may. */
const emptyPanels = (page: Page): Promise<string[]> =>
  page.locator('section', { hasText: 'No data' }).evaluateAll((sections) => sections.map((section) => section.querySelector('h2')?.textContent ?? 'a panel without a title'));

/** In the dark each page is opened by its address; in the light one goes from page to page, as links do. */
const ARRIVE: Readonly<Record<Theme, (tab: Page, address: string) => Promise<unknown>>> = {
  dark: (tab, address) => tab.goto(address),
  light: (tab, address) =>
    tab.evaluate((to) => {
      history.pushState(null, '', to);
      dispatchEvent(new PopStateEvent('popstate'));
    }, address),
};

for (const theme of ['dark', 'light'] satisfies Theme[]) {
  describe(`every page, ${theme}`, () => {
    let tab: Page;
    let problems: readonly string[];
    before(async () => {
      tab = await (await openContext(browser, { theme })).newPage();
      problems = collectProblems(tab);
      await signIn(tab, 'ada', `${APP}/overview`);
      await tab.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    });
    after(() => tab.context().close());
    for (const { path: page, title, shows, image = title.toLowerCase() } of PAGES) {
      test(page, async () => {
        const known = problems.length;
        await ARRIVE[theme](tab, `${APP}/${page}`);
        await tab.getByRole('heading', { level: 1, name: title }).waitFor();
        for (const text of shows) {
          await tab.getByText(text).or(tab.getByLabel(text)).first().waitFor();
        }
        await panelsLoaded(tab);
        assert.deepEqual((await emptyPanels(tab)).filter((panel) => !YOUNG.includes(panel)), [], 'panels without data');
        if (page.includes('tab=')) {
          await tab.getByRole('tab', { selected: true }).last().evaluate((element) => element.scrollIntoView({ block: 'start' }));
        }
        await keepImage(tab, `${image}-${theme}`);
        await expectAccessible(tab, theme);
        expectNoProblems(problems.slice(known));
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
  // Nor do the lists with buttons at the end of their rows, which would be out of sight.
  for (const path of ['users', 'promotions', 'promotions?tab=coupons', 'promotions?tab=codes', 'promotions?tab=referrals', 'flags', 'impersonation', 'subscriptions', 'audit', 'configuration']) {
    await tab.goto(`${APP}/${path}`);
    await tab.getByRole('table').first().waitFor();
    await panelsLoaded(tab);
    const wide = await tab.getByRole('region').evaluateAll((regions) => regions.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1).map((region) => region.getAttribute('aria-label')));
    assert.deepEqual(wide, [], path);
  }
  expectNoProblems(problems);
  await context.close();
});

test('an address that leads nowhere says so and leads back, beside the pages and below them', async () => {
  const context = await openContext(browser);
  const tab = await context.newPage();
  await signIn(tab, 'ada', `${APP}/overview`);
  for (const path of ['no-such-page', 'users/one/two/three', 'distribution/further']) {
    await tab.goto(`${APP}/${path}`);
    await tab.getByText('There is no such page').waitFor();
    const [words, page] = await Promise.all([tab.getByText('There is no such page').boundingBox(), tab.locator('main').boundingBox()]);
    assert.ok(words && page && Math.abs(words.x + words.width / 2 - page.x - page.width / 2) < 24, 'in the middle of the page');
    await tab.getByRole('link', { name: 'Go to the Overview' }).click();
    await tab.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  }
  await context.close();
});
