// A rollout that breaks the host is taken back by itself: started by a person up to 20%, kept at 5%, back at 0% within two
// evaluations once the guardrail breaks, on record with its numbers, marked on the graphs, and a page for whoever is on call.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { collectProblems, expectNoProblems, launchBrowser, openContext, signIn } from '../../standalone/e2e/browser.ts';
import { confirmWrite } from './confirm.ts';
import { APP } from './product.ts';

const PROXY = '/api/plugin-proxy/cloudtolocalllm-admincenter-app/v1';
const KEY = 'new-tunnel-engine';
const GUARDRAIL = 'failed-requests';
const ALERT = `ALERTS{alertname="AdminFlagGuardrailBreached",flag="${KEY}"}`;
/** Enough evaluations to judge, a minute at 5%, and a minute for the failures to fill the guardrail's window. */
const RAMP_MS = 10 * 60_000;

let browser: Browser;
let context: BrowserContext;
let page: Page;
before(async () => {
  browser = await launchBrowser();
  context = await openContext(browser, { viewport: { width: 1440, height: 1000 } });
  page = await context.newPage();
});
after(() => browser.close());

async function eventually<T>(what: string, read: () => Promise<T>, isRight: (value: T) => boolean, patienceMs = 60_000): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const value = await read();
    if (isRight(value)) {
      return value;
    }
    assert.ok(Date.now() < deadline, `${what}: still ${JSON.stringify(value)}`);
    await sleep(1_000);
  }
}

interface Flag {
  readonly version: number;
  readonly percentage: number;
  readonly ramp: { readonly state: string; readonly message: string | null };
  readonly updatedBy: { readonly name: string };
}
interface Result {
  readonly guardrail: string;
  readonly state: 'ok' | 'hold' | 'violation';
  readonly at: string;
}
interface Entry {
  readonly sequence: number;
  readonly at: string;
  readonly actor: { readonly role: string };
  readonly before: Record<string, unknown>;
  readonly after: Record<string, unknown>;
}

async function get<T>(where: string): Promise<T> {
  return (await (await page.request.get(`${PROXY}${where}`)).json()) as T;
}
async function inPrometheus(query: string): Promise<Array<{ metric: Record<string, string>; value: number }>> {
  const answer = await fetch(`${process.env['PROMETHEUS_URL']}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { data } = (await answer.json()) as { data: { result: Array<{ metric: Record<string, string>; value: [number, string] }> } };
  return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}

async function act(button: RegExp, confirm: string, reason: string): Promise<void> {
  await page.getByRole('button', { name: button }).click();
  await confirmWrite(page, confirm, reason);
}

test('a ramp that breaks the host goes back to 0% by itself', async () => {
  const problems = collectProblems(page, { expectedStatuses: [409] });
  await signIn(page, 'ada', `${APP}/flags/${KEY}/ramp`);
  await page.getByRole('combobox', { name: 'Approve up to' }).click();
  await page.getByRole('option', { name: 'to 20%' }).click();
  await act(/^Start the ramp/, 'Start ramp', 'The new engine goes out in steps.');

  const served: number[] = [];
  const flag = await eventually('the ramp', async () => {
    const now = await get<Flag>(`/flags/${KEY}`);
    if (served.at(-1) !== now.percentage) {
      served.push(now.percentage);
    }
    return now;
  }, ({ ramp }) => ramp.state === 'rolled_back', RAMP_MS);
  assert.deepEqual(served, [5, 20, 0]);
  assert.equal(flag.updatedBy.name, 'system:guardrails');
  assert.match(flag.ramp.message ?? '', /^Rolled back to 0% by failed-requests: 0\.\d+ is > 0\.035\.$/);

  const { items } = await get<{ items: Result[] }>(`/flags/${KEY}/guardrails?guardrail=${GUARDRAIL}&limit=50`);
  const kept = items.findIndex(({ state }) => state === 'ok');
  assert.deepEqual(items.slice(0, kept).map(({ state }) => state), ['violation', 'violation'], 'evaluations since the guardrail was kept');
  const [second, first] = items.filter(({ state }) => state === 'violation').map(({ at }) => Date.parse(at)) as [number, number];
  assert.ok(second - first <= 60_000, 'two evaluations within a minute');

  await page.reload();
  await page.getByText(/^Rolled back to 0% by failed-requests/).waitFor();
  const folder = process.env['IMAGES_DIR'];
  if (folder !== undefined) {
    await page.mouse.move(0, 0);
    await page.screenshot({ path: path.join(folder, 'guarded-rollout-dark.png') });
  }
  expectNoProblems(problems);
});

test('the audit log has query, value and sample', async () => {
  const { items: [entry] } = await get<{ items: [Entry] }>(`/audit?targetId=${KEY}&action=flags.rollback&limit=1`);
  assert.equal(entry.actor.role, 'system');
  assert.equal(entry.before['percentage'], 20);
  const { percentage, guardrail, query, value, sample, comparison, threshold } = entry.after;
  assert.deepEqual([percentage, guardrail, comparison, threshold], [0, GUARDRAIL, '>', 0.035]);
  assert.match(String(query), /flag="new-tunnel-engine"/);
  assert.ok(Number(value) > 0.035 && Number(sample) >= 10, `${String(value)} from ${String(sample)}`);
  await page.goto(`${APP}/audit?targetId=${KEY}`);
  await page.getByRole('table').getByText('flags.rollback').first().waitFor();
});

test('the graphs carry its mark', async () => {
  const { items: [entry] } = await get<{ items: [Entry] }>(`/audit?targetId=${KEY}&action=flags.rollback&limit=1`);
  // A short range: marks of other tests that would lie on top of it are drawn as one with it.
  const at = Date.parse(entry.at);
  await page.goto(`${APP}/overview?from=${at - 60_000}&to=${at + 60_000}`);
  await page.getByRole('button', { name: /^Annotation: .*flags\.rollback/i }).first().waitFor();
});

test('nobody at the host is served the new engine any more', async () => {
  const requests = `sum(increase(http_server_request_duration_seconds_count{job="demo-host",flag="${KEY}",variant="on"}[15s]))`;
  await eventually('requests with the new engine', () => inPrometheus(requests), ([sample]) => sample?.value === 0);
});

test('the page is on its way, and ends once a person acts', async () => {
  const [alert] = await eventually('alert', () => inPrometheus(ALERT), (found) => found.length > 0);
  assert.deepEqual([alert?.metric['guardrail'], alert?.metric['severity']], [GUARDRAIL, 'page']);
  await page.goto(`${APP}/flags/${KEY}/ramp`);
  await act(/^Abort the ramp/, 'Abort ramp', 'The bug is found; the ramp waits for the fix.');
  await page.getByText('Ended by a person.').waitFor();
  await eventually('alert after the abort', () => inPrometheus(ALERT), (found) => found.length === 0);
});
