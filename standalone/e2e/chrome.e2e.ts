// The frame around the plugin: navigation by role, breadcrumbs, denied and missing pages, the configuration page, keyboard, narrow screens, axe.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import {
  collectProblems,
  expectNoProblems,
  launchBrowser,
  openContext,
  signIn,
  type ContextOptions,
} from './browser.ts';
import { LAB, startLab, type Lab } from './lab.ts';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

let lab: Lab;
let browser: Browser;
before(async () => {
  lab = await startLab();
  browser = await launchBrowser();
});
after(async () => {
  await browser.close();
  await lab.close();
});

async function open(
  login: string,
  path: string,
  options: ContextOptions = {},
): Promise<{ page: Page; problems: readonly string[]; done: () => Promise<void> }> {
  const context = await openContext(browser, { baseURL: lab.url, ...options });
  const page = await context.newPage();
  const problems = collectProblems(page);
  await signIn(page, login, path);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  return { page, problems, done: () => context.close() };
}

const pages = (page: Page) => page.getByRole('navigation', { name: 'Pages' });
const crumbs = (page: Page) => page.getByRole('navigation', { name: 'Breadcrumbs' }).getByRole('listitem');

test('the navigation has the pages of the role and says where one is', async () => {
  const ada = await open('ada', `${LAB}/editors/deeper`);
  assert.deepEqual(await pages(ada.page).getByRole('link').allTextContents(), ['Panels', 'Editors', 'Configuration']);
  assert.equal(await pages(ada.page).locator('[aria-current="page"]').textContent(), 'Editors');
  assert.deepEqual(await crumbs(ada.page).allTextContents(), ['Lab', 'Editors']);
  assert.equal(await ada.page.title(), 'Editors - Lab');
  expectNoProblems(ada.problems);
  await ada.done();
  const vic = await open('vic', `${LAB}/panels`);
  assert.deepEqual(await pages(vic.page).getByRole('link').allTextContents(), ['Panels']);
  await vic.done();
});

test('a link changes the page in place, and Back goes back', async () => {
  const { page, problems, done } = await open('ada', '/');
  await page.waitForURL(`**${LAB}/panels`);
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await pages(page).getByRole('link', { name: 'Editors' }).click();
  await page.getByText('for editors').waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'Panels' }).waitFor();
  assert.equal(await page.evaluate(() => 'sameDocument' in window), true);
  expectNoProblems(problems);
  await done();
});

test('it says that it is the standalone shell', async () => {
  const { page, done } = await open('ada', `${LAB}/editors`);
  await page.getByRole('banner').getByText('Standalone shell').waitFor();
  await done();
});

test('a page the role may not open is denied, as in Grafana only at its exact address', async () => {
  const { page, problems, done } = await open('vic', `${LAB}/editors`);
  await page.getByRole('heading', { level: 1, name: 'Access denied' }).waitFor();
  await page.goto(`${lab.url}${LAB}/editors/deeper`);
  await page.getByText('deeper').waitFor();
  await page.goto(`${lab.url}/plugins/acme-lab-app`);
  await page.getByRole('heading', { level: 1, name: 'Access denied' }).waitFor();
  expectNoProblems(problems);
  await done();
});

test('a page that is not there says so, and that Grafana has more', async () => {
  const { page, problems, done } = await open('ada', '/d/some-dashboard');
  await page.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();
  await page.getByText('This is a page of Grafana itself.').waitFor();
  await page.getByRole('link', { name: 'Go to Lab' }).click();
  await page.getByRole('heading', { name: 'Panels' }).waitFor();
  expectNoProblems(problems);
  await done();
});

test('a page that throws leaves the frame standing', async () => {
  const { page, done } = await open('ada', `${LAB}/panels`);
  await page.goto(`${lab.url}${LAB}/broken`);
  await page.getByText('The page failed').waitFor();
  await pages(page).getByRole('link', { name: 'Editors' }).click();
  await page.getByText('for editors').waitFor();
  await done();
});

test('the configuration page has a tab for each page the plugin adds', async () => {
  const { page, problems, done } = await open('ada', '/plugins/acme-lab-app');
  await page.getByText('first configuration').waitFor();
  await page.getByRole('tab', { name: 'Second' }).click();
  await page.getByText('second configuration').waitFor();
  expectNoProblems(problems);
  await done();
});

test('by keyboard: past the navigation, and through the profile menu out', async () => {
  const { page, done } = await open('ada', `${LAB}/editors`);
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to main content' });
  assert.equal(await skip.evaluate((link) => link === document.activeElement), true);
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'MAIN');
  await page.getByRole('button', { name: 'profile of Ada Okafor' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
  await page.getByText('ada@acme.example').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/login/);
  await page.goto(`${lab.url}${LAB}/editors`);
  await page.waitForURL(/\/login\?redirectTo=/);
  await done();
});

test('the theme is changed from the profile menu and stays', async () => {
  const { page, problems, done } = await open('ada', `${LAB}/editors?x=1`);
  await page.getByRole('button', { name: 'profile of Ada Okafor' }).click();
  await page.getByRole('menuitem', { name: 'Light theme' }).click();
  await page.locator('body.theme-light').waitFor();
  assert.match(page.url(), /\/editors\?x=1$/);
  await page.reload();
  await page.locator('body.theme-light').waitFor();
  expectNoProblems(problems);
  await done();
});

test('on a narrow screen the navigation is a drawer', async () => {
  const { page, problems, done } = await open('ada', `${LAB}/editors`, { viewport: { width: 767, height: 900 } });
  assert.equal(await pages(page).isVisible(), false);
  await page.getByRole('button', { name: 'Open menu' }).click();
  assert.equal(await pages(page).isVisible(), true);
  await page.keyboard.press('Escape');
  assert.equal(await pages(page).isVisible(), false);
  assert.equal(
    await page.getByRole('button', { name: 'Open menu' }).evaluate((button) => button === document.activeElement),
    true,
  );
  await page.getByRole('button', { name: 'Open menu' }).click();
  await pages(page).getByRole('link', { name: 'Panels' }).click();
  await page.getByRole('heading', { name: 'Panels' }).waitFor();
  assert.equal(await pages(page).isVisible(), false);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.equal(overflow, 0, 'nothing sticks out sideways');
  expectNoProblems(problems);
  await done();
});

for (const theme of ['dark', 'light'] as const) {
  test(`axe finds nothing on the sign-in page and in the frame, ${theme}`, async () => {
    const context = await openContext(browser, { baseURL: lab.url, theme });
    const page = await context.newPage();
    const violations = async (notOurs: string[] = []): Promise<string[]> =>
      (await new AxeBuilder({ page }).withTags(WCAG).disableRules(notOurs).analyze()).violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
      );
    await page.goto('/login');
    assert.deepEqual(await violations(), []);
    await signIn(page, 'ada', `${LAB}/editors`);
    await page.getByText('for editors').waitFor();
    assert.deepEqual(await violations(), []);
    await page.getByRole('button', { name: 'profile of Ada Okafor' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
    // Floating UI, inside @grafana/ui, keeps the focus in an open menu by guards that axe takes for mistakes.
    assert.deepEqual(await violations(['aria-hidden-focus']), []);
    await page.goto(`/nowhere`);
    await page.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();
    assert.deepEqual(await violations(), []);
    await context.close();
  });
}

test('the guards of these tests notice what a plugin must not do', async () => {
  const { page, problems, done } = await open('ada', `${LAB}/editors`);
  await page.evaluate(() => fetch('/api/search'));
  await page.evaluate(() => window.console['error']('deliberate'));
  await page.waitForTimeout(100);
  assert.ok(
    problems.some((problem) => problem.includes('call a plugin may not make: GET /api/search')),
    problems.join('\n'),
  );
  assert.ok(problems.some((problem) => problem.includes('404')));
  assert.ok(problems.some((problem) => problem.includes('console error: deliberate')));
  assert.throws(() => expectNoProblems(problems));
  await done();
});
