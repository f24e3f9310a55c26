// "What changed?" in the browser: from the menu of a graph by the keyboard, and the cause of a real step ranked first among
// the decoys that the tests before this one left.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { collectProblems, expectNoProblems, launchBrowser, openContext, panelsLoaded, signIn } from '../../standalone/e2e/browser.ts';
import { whatChangedUrl } from '../src/platform/what-changed/panel-question.ts';
import { APP } from './product.ts';

const PROXY = '/api/plugin-proxy/cloudtolocalllm-admincenter-app';
const SUSPENDED = 'sum(admincenter_users{state="suspended"})';
/** The ranking wants a few samples on each side of a step. */
const SAMPLES = 6;
const PATIENCE_MS = 240_000;

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function signedIn(path: string): Promise<Page> {
  const page = await (await openContext(browser)).newPage();
  await signIn(page, 'ada', path);
  return page;
}

test('the menu of a graph leads there by the keyboard, with its query and its time range', async () => {
  const page = await signedIn(`${APP}/overview?from=now-2d&to=now`);
  const problems = collectProblems(page);
  await panelsLoaded(page);
  await page.getByRole('button', { name: /^Menu for panel.*Active users/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'What changed?' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'What changed?' }).waitFor();
  assert.match(page.url(), /\/audit\/what-changed\/[\w-]+\?.*from=now-2d/);
  await page.getByText(/Active users/).first().waitFor();
  await page.getByRole('table', { name: /likeliest cause first/ }).or(page.getByText('No admin changed anything in this time range')).first().waitFor();
  expectNoProblems(problems);
});

test('a link that is not whole says so', async () => {
  const page = await signedIn(`${APP}/audit/what-changed/nonsense`);
  const problems = collectProblems(page);
  await page.getByText('This link is not whole').waitFor();
  expectNoProblems(problems);
});

interface Sample {
  readonly at: number;
  readonly value: number;
}

async function samples(): Promise<Sample[]> {
  const answer = await fetch(`${process.env['PROMETHEUS_URL']}/api/v1/query?query=${encodeURIComponent('admincenter_users{state="suspended"}[10m]')}`);
  const { data } = (await answer.json()) as { data: { result: Array<{ values: Array<[number, string]> }> } };
  const byTime = new Map<number, number>();
  for (const [at, value] of data.result.flatMap(({ values }) => values)) {
    byTime.set(at, (byTime.get(at) ?? 0) + Number(value));
  }
  return [...byTime].map(([at, value]) => ({ at, value })).toSorted((a, b) => a.at - b.at);
}

async function until(what: string, isRight: (seen: readonly Sample[]) => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!isRight(await samples())) {
    assert.ok(Date.now() < deadline, `${what}: ${JSON.stringify(await samples())}`);
    await sleep(2_000);
  }
}

test('the suspensions that made the step are ranked first, with who, why and the way to the entry', async () => {
  const page = await signedIn(`${APP}/users?state=active`);
  const problems = collectProblems(page);
  const origin = new URL(page.url()).origin;
  const act = async (userId: string, verb: 'suspend' | 'reactivate', reason: string) => {
    const write = () => page.request.post(`${PROXY}/v1/users/${userId}/${verb}`, { data: { reason }, headers: { origin } });
    let answer = await write();
    // So many writes of one admin, beside those of other tests: the API says when the next one is taken.
    while (answer.status() === 429) {
      await sleep(1_000 * Number(answer.headers()['retry-after']));
      answer = await write();
    }
    assert.equal(answer.status(), 200);
  };
  const { items } = (await (await page.request.get(`${PROXY}/v1/users?state=active&limit=40`)).json()) as { items: Array<{ id: string }> };
  const [decoy = '', ...ring] = items.map(({ id }) => id);
  await act(decoy, 'suspend', 'A decoy that was taken back at once.');
  await act(decoy, 'reactivate', 'A decoy that was taken back at once.');
  const start = Date.now() / 1_000;
  await until('samples before the step', (seen) => seen.filter(({ at }) => at > start).length > SAMPLES);
  const before = (await samples()).at(-1)?.value ?? Number.NaN;
  for (const userId of ring) {
    await act(userId, 'suspend', 'Chargeback ring, ticket 99');
  }
  await until('samples after the step', (seen) => seen.filter(({ value }) => value === before + ring.length).length > SAMPLES);

  await page.goto(whatChangedUrl({ title: 'Suspended users', unit: 'short', queries: [{ expr: SUSPENDED, legend: 'suspended' }] }, 'now-10m', 'now'));
  const sentence = page.getByText(/^suspended rose at .* Most likely the cause: users\.suspend on user/);
  await sentence.waitFor();
  const first = page.getByRole('table', { name: /likeliest cause first/ }).getByRole('row').nth(1);
  await first.getByText('likely', { exact: true }).waitFor();
  await first.getByText('Chargeback ring, ticket 99').waitFor();
  const [, target = ''] = /on user ([\w-]+)/.exec(await sentence.innerText()) ?? [];
  assert.ok(ring.includes(target), `${target} is one of the ring`);
  await first.getByRole('link', { name: 'users.suspend' }).click();
  await page.getByText(/^Entry \d+: users\.suspend/).waitFor();
  for (const userId of ring) {
    await act(userId, 'reactivate', 'The ring was a false alarm.');
  }
  expectNoProblems(problems);
});
