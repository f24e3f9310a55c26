// A flag from its creation to its revert, as an admin does it: target a tier, see who gets what, save, find it in history
// and audit, take it back. Rules are ordered without a mouse. Who may not change flags may still look.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { collectProblems, expectNoProblems, launchBrowser, openContext, signIn } from '../../standalone/e2e/browser.ts';
import { confirmWrite } from './confirm.ts';
import { APP } from './product.ts';

const PROXY = '/api/plugin-proxy/cloudtolocalllm-admincenter-app/v1/flags';
const REASON = 'Trying the flag out in a browser test';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

/** Each run makes flags of its own, so that the tests can be repeated on one product. */
const suffix = Date.now().toString(36);

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).click();
  await page.getByRole('option', { name: option }).first().click();
}

async function confirm(page: Page, button: string): Promise<void> {
  await page.getByRole('dialog').getByLabel('What this touches').waitFor();
  await confirmWrite(page, button, REASON);
}

const usersOf = async (page: Page, variant: string): Promise<number> => {
  const cell = page.getByRole('table', { name: 'Who gets which variant' }).getByRole('row', { name: new RegExp(`^${variant} `) }).getByRole('cell').first();
  return Number((await cell.innerText()).replace(/\D/g, ''));
};

async function createFlag(page: Page, name: string, start: string): Promise<void> {
  await page.getByRole('button', { name: 'New flag' }).first().click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel(/^Name/).fill(name);
  await drawer.getByRole('radio', { name: start, exact: true }).click();
  await drawer.getByLabel(/Reason/).fill(REASON);
  await drawer.getByRole('button', { name: 'Create flag' }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

/** What a test made goes to the archive, so that the list shows the demo's own flags. */
async function retire(page: Page, key: string): Promise<void> {
  const { version } = (await (await page.request.get(`${PROXY}/${key}`)).json()) as { version: number };
  const answer = await page.request.post(`${PROXY}/${key}/state`, { data: { state: 'archived', version, reason: REASON }, headers: { origin: new URL(page.url()).origin } });
  assert.equal(answer.status(), 200);
}

/**
 * The API judges a draft whenever its author pauses; on a slow machine also between two steps of one edit. And it refuses a
 * write once when the demo's people moved since its preview.
 */
const UNFINISHED = { expectedStatuses: [409, 422] };

test('create, target a tier, preview, save, history, audit, revert, undo', async () => {
  const page = await (await openContext(browser)).newPage();
  const problems = collectProblems(page, UNFINISHED);
  const name = `Deep search ${suffix}`;
  const key = `deep-search-${suffix}`;
  await signIn(page, 'ada', `${APP}/flags`);
  await createFlag(page, name, 'Targeted');
  assert.equal(new URL(page.url()).pathname, `${APP}/flags/${key}`);

  await page.getByRole('button', { name: 'Add a tier' }).click();
  await choose(page, 'Tier of tier-1', 'premium');
  await page.getByText(/no effect until it is turned on/).waitFor();
  await page.waitForFunction(() => /Once it is on/.test(document.body.innerText));
  const premium = await usersOf(page, 'on');
  assert.ok(premium > 0, 'premium users would get it');
  await page.getByRole('button', { name: 'Review and save' }).click();
  await page.getByRole('table', { name: 'What you change' }).getByText('tier premium → on').waitFor();
  await confirm(page, 'Save flag');
  await page.getByRole('region', { name: 'Unsaved changes' }).waitFor({ state: 'hidden' });

  await page.getByRole('switch', { name: `${key} is off` }).locator('xpath=..').click();
  await page.getByRole('dialog').getByText(/off → on/).waitFor();
  await confirm(page, 'Turn on flag');
  await page.getByRole('switch', { name: `${key} is on` }).waitFor();

  await page.getByRole('tab', { name: 'History' }).click();
  const version = (number: number) => page.getByRole('article', { name: `Version ${number}` });
  await version(3).getByText('current').waitFor();
  await version(2).getByText('tier premium → on').waitFor();
  await version(2).getByText(REASON).waitFor();
  await version(2).getByRole('link', { name: /audit entry/ }).click();
  await page.getByRole('dialog').getByText('flags.update').waitFor();

  await page.goto(`${APP}/flags/${key}/history`);
  await version(1).getByRole('button', { name: 'Revert to version 1' }).click();
  await page.getByRole('table', { name: 'What comes back' }).getByText('tier premium → on').waitFor();
  await confirm(page, 'Revert flag');
  await version(4).getByText('revert to 1').waitFor();
  await page.getByRole('button', { name: /^Undo: / }).click();
  await version(5).getByText('revert to 3').waitFor();
  await page.getByRole('switch', { name: `${key} is on` }).waitFor();
  await retire(page, key);
  expectNoProblems(problems);
  await page.context().close();
});

test('rules are added, ordered and removed without a mouse', async () => {
  const page = await (await openContext(browser)).newPage();
  const problems = collectProblems(page, UNFINISHED);
  await signIn(page, 'ada', `${APP}/flags`);
  await createFlag(page, `Keyboard ${suffix}`, 'Targeted');
  const press = async (name: string): Promise<void> => {
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
  };
  const rules = page.getByRole('list', { name: 'Segments' }).getByRole('listitem');
  const order = () => rules.evaluateAll((items) => items.map((item) => /segment-\d/.exec(item.textContent ?? '')?.[0]));

  await press('Add a segment');
  await press('Add a segment');
  await press('Add a segment');
  for (const [id, country] of [['segment-1', 'DE'], ['segment-2', 'FR'], ['segment-3', 'IT']] as const) {
    await page.getByLabel(`Attribute of ${id}, condition 1`).focus();
    await page.keyboard.type('country');
    await page.keyboard.press('Enter');
    await page.getByLabel(`Values of ${id}, condition 1`).focus();
    await page.keyboard.type(country);
  }
  await press('Move segment-3 up');
  assert.deepEqual(await order(), ['segment-1', 'segment-3', 'segment-2']);
  await page.keyboard.press('Enter');
  assert.deepEqual(await order(), ['segment-3', 'segment-1', 'segment-2'], 'the focus went along');
  await page.getByLabel('Values of segment-2, condition 1').focus();
  await page.keyboard.press('Alt+ArrowUp');
  assert.deepEqual(await order(), ['segment-3', 'segment-2', 'segment-1']);
  await page.getByText('segment-2 is now 2 of 3.').waitFor({ state: 'attached' });
  await press('Remove segment-1');
  assert.deepEqual(await order(), ['segment-3', 'segment-2']);
  await page.getByRole('region', { name: 'Unsaved changes' }).getByRole('button', { name: 'Discard' }).click();
  assert.equal(await rules.count(), 0);
  await retire(page, `keyboard-${suffix}`);
  expectNoProblems(problems);
  await page.context().close();
});

test('two admins edit one flag: the second sees what the first changed and does theirs again on top', async () => {
  const page = await (await openContext(browser)).newPage();
  const problems = collectProblems(page, { expectedStatuses: [409] });
  const key = `shared-${suffix}`;
  await signIn(page, 'ada', `${APP}/flags`);
  await createFlag(page, `Shared ${suffix}`, 'Rollout');
  await page.getByLabel('Percentage of the rollout').fill('25');
  await page.getByRole('button', { name: 'Review and save' }).click();

  const { definition, version } = (await (await page.request.get(`${PROXY}/${key}`)).json()) as { definition: { name: string }; version: number };
  const meanwhile = await page.request.put(`${PROXY}/${key}`, { data: { definition: { ...definition, description: 'Written by the other admin' }, version, reason: REASON }, headers: { origin: new URL(page.url()).origin } });
  assert.equal(meanwhile.status(), 200);

  await page.getByRole('dialog').getByLabel('What this touches').waitFor();
  await page.getByRole('dialog').getByLabel(/Reason/).fill(REASON);
  await page.getByRole('dialog').getByRole('button', { name: 'Save flag' }).click();
  await page.getByText(/saved version 2 while you were editing version 1/).waitFor();
  await page.getByRole('table', { name: 'What they changed' }).getByText('Written by the other admin').waitFor();
  await page.getByRole('button', { name: 'Redo my changes on top' }).click();
  await page.getByRole('button', { name: 'Review and save' }).click();
  await confirm(page, 'Save flag');
  await page.getByRole('region', { name: 'Unsaved changes' }).waitFor({ state: 'hidden' });
  const saved = (await (await page.request.get(`${PROXY}/${key}`)).json()) as { version: number; definition: { description: string; rollout: { percentage: number } } };
  assert.deepEqual([saved.version, saved.definition.description, saved.definition.rollout.percentage], [3, 'Written by the other admin', 25]);
  await retire(page, key);
  expectNoProblems(problems);
  await page.context().close();
});

test('support sees flags but cannot change them, on the page or past it', async () => {
  const page = await (await openContext(browser)).newPage();
  const problems = collectProblems(page, { expectedStatuses: [403] });
  await signIn(page, 'sam', `${APP}/flags`);
  const row = page.getByRole('table', { name: 'Flags' }).getByRole('row').nth(1);
  await row.getByRole('link').waitFor();
  assert.equal(await row.getByRole('switch').isDisabled(), true);
  const key = new URL((await row.getByRole('link').getAttribute('href')) ?? '', page.url()).pathname.split('/').at(-1) ?? '';
  await row.getByRole('link').click();
  await page.getByText('You may look, not change: needs the role super admin.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Add a segment' }).isDisabled(), true);
  const answer = await page.request.post(`${PROXY}/${key}/state`, { data: { state: 'killed', version: 1, reason: REASON }, headers: { origin: new URL(page.url()).origin } });
  assert.equal(answer.status(), 403);
  expectNoProblems(problems);
  await page.context().close();
});

test('a key that is no flag says so', async () => {
  const page = await (await openContext(browser)).newPage();
  const problems = collectProblems(page, { expectedStatuses: [404] });
  await signIn(page, 'ada', `${APP}/flags/no-such-flag`);
  await page.getByText('There is no such flag').waitFor();
  await page.getByRole('link', { name: 'All flags' }).click();
  await page.getByRole('table', { name: 'Flags' }).waitFor();
  expectNoProblems(problems);
  await page.context().close();
});
