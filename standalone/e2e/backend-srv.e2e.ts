// getBackendSrv() in a real browser against the real proxy: Grafana's cancellation, error shape, toasts, path check and lost sessions.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type * as Runtime from '@grafana/runtime';
import type * as Rxjs from 'rxjs';
import { launchBrowser, openContext, signIn } from './browser.ts';
import { LAB, startLab, type Lab } from './lab.ts';

declare global {
  interface Window {
    lab: { runtime: typeof Runtime };
  }
}

const ECHO = '/api/plugin-proxy/acme-lab-app/echo';

let lab: Lab;
let browser: Browser;
let context: BrowserContext;
let page: Page;
before(async () => {
  lab = await startLab();
  browser = await launchBrowser();
  context = await openContext(browser, { baseURL: lab.url });
  page = await context.newPage();
  await signIn(page, 'ada', `${LAB}/editors`);
  await page.getByText('for editors').waitFor();
});
after(async () => {
  await browser.close();
  await lab.close();
});

interface Outcome {
  readonly data?: { headers: Record<string, string> };
  readonly error?: { status: number; cancelled?: boolean; data: { message?: string } | null; config: { url: string } };
}

/** Runs requests at the same time and gives what each came to. */
const fetchAll = (...requests: Runtime.BackendSrvRequest[]): Promise<Outcome[]> =>
  page.evaluate(async (given) => {
    const { lastValueFrom } = (await System.import('rxjs')) as typeof Rxjs;
    const srv = window.lab.runtime.getBackendSrv();
    return Promise.all(
      given.map((request) =>
        lastValueFrom(srv.fetch<Outcome['data']>(request)).then(
          ({ data }) => ({ data }),
          (error: unknown) =>
            error instanceof Error
              ? { error: { status: 0, data: { message: error.message }, config: { url: '' } } }
              : { error },
        ),
      ),
    ) as Promise<Outcome[]>;
  }, requests);

const fetchOne = async (request: Runtime.BackendSrvRequest): Promise<Outcome> => (await fetchAll(request))[0] ?? {};
const toast = (text: string) => page.getByRole('log', { name: 'Notifications' }).getByText(text);

test('a newer call with the same requestId cancels the older one', async () => {
  const [first, second, other] = await fetchAll(
    { url: `${ECHO}/200?wait=2000`, requestId: 'same' },
    { url: `${ECHO}/200`, requestId: 'same' },
    { url: `${ECHO}/200`, requestId: 'other' },
  );
  assert.deepEqual(
    { ...first?.error, config: undefined },
    { status: -1, statusText: 'Request was aborted', data: null, cancelled: true, config: undefined },
  );
  assert.ok(second?.data);
  assert.ok(other?.data);
});

test('an error has the status, the data and the request', async () => {
  const { error } = await fetchOne({ url: `${ECHO}/409?message=already%20done`, showErrorAlert: false });
  assert.equal(error?.status, 409);
  assert.equal(error.data?.message, 'already done');
  assert.match(error.config.url, /409/);
});

test('the organisation goes along, an Authorization of the caller only under another name', async () => {
  const { data } = await fetchOne({ url: `${ECHO}/200`, headers: { Authorization: 'Bearer mine', 'X-Own': 'kept' } });
  assert.equal(data?.headers['x-grafana-org-id'], '1');
  assert.equal(data.headers['x-ds-authorization'], 'Bearer mine');
  assert.equal(data.headers['authorization'], undefined);
  assert.equal(data.headers['x-own'], 'kept');
});

test('a path that leads upwards is refused when the caller asks for the check', async () => {
  const paths = ['../200', '%2e%2e/200', '%252e%252e/200', '..%2f200'];
  const outcomes = await fetchAll(...paths.map((path) => ({ url: `${ECHO}/${path}`, validatePath: true })));
  assert.deepEqual(
    outcomes.map(({ error }) => error?.data?.message),
    paths.map(() => 'Invalid request path'),
  );
});

test('toasts: a write that succeeds with a message, an error that has one, and neither when it is not wanted', async () => {
  await fetchOne({ url: `${ECHO}/200?message=saved`, method: 'POST', data: {} });
  await toast('saved').waitFor();
  await fetchOne({ url: `${ECHO}/403?message=not%20yours` });
  await toast('not yours').waitFor();
  await fetchOne({ url: `${ECHO}/422?message=too%20short`, method: 'POST', data: {} });
  await toast('Validation failed').waitFor();
  await fetchAll(
    { url: `${ECHO}/200?message=quiet-read` },
    { url: `${ECHO}/200?message=quiet-write`, method: 'POST', data: {}, showSuccessAlert: false },
    { url: `${ECHO}/500?message=quiet-error`, showErrorAlert: false },
  );
  await page.waitForTimeout(200);
  assert.equal(await page.getByText(/quiet-/).count(), 0);
});

test('an error marked as handled in time shows no toast', async () => {
  await page.evaluate(async (url) => {
    const srv = window.lab.runtime.getBackendSrv();
    await srv.get(url).catch((error: { isHandled?: boolean }) => (error.isHandled = true));
  }, `${ECHO}/500?message=handled-error`);
  await page.waitForTimeout(200);
  assert.equal(await toast('handled-error').count(), 0);
});

test('a blob is the bytes', async () => {
  const size = await page.evaluate(async (url) => {
    const blob = await window.lab.runtime
      .getBackendSrv()
      .get<Blob>(url, undefined, undefined, { responseType: 'blob' });
    return blob.size;
  }, `${ECHO}/200`);
  assert.ok(size > 50);
});

test('a lost session leads to the sign-in page, and back again after signing in', async () => {
  await context.clearCookies({ name: 'admin_center_session' });
  const lost = page.waitForURL(/\/login\?redirectTo=/);
  await fetchOne({ url: `${ECHO}/200` }).catch(() => undefined);
  await lost;
  await page.locator('button[name="login"][value="ada"]').click();
  await page.getByText('for editors').waitFor();
});
