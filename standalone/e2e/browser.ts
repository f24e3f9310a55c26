// What every browser test needs: Debian's Chromium, signing in, and noticing whatever went wrong on a page.
import assert from 'node:assert/strict';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

export type Theme = 'dark' | 'light';

/** Where the shell answers; `npm run e2e` sets it. */
export const baseUrl = (): string => (process.env['BASE_URL'] ?? 'http://127.0.0.1:3000').replace(/\/+$/, '');

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: FLAGS });

export interface ContextOptions {
  readonly theme?: Theme;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Where the shell answers, when that is not BASE_URL. */
  readonly baseURL?: string;
}

/** Opens a context of its own (cookies, cache) with motion reduced, so that screenshots do not catch an animation. */
export async function openContext(
  browser: Browser,
  { theme = 'dark', viewport = { width: 1440, height: 900 }, baseURL = baseUrl() }: ContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL, viewport, reducedMotion: 'reduce', acceptDownloads: true });
  await context.addCookies([{ name: 'admin_center_theme', value: theme, url: baseURL }]);
  return context;
}

/**
 * Signs in as the person with this login, on the sign-in page.
 * @param page of a context of `openContext`
 * @param path where to go afterwards; the page is there, not necessarily drawn
 */
export async function signIn(page: Page, login: string, path: string = '/'): Promise<void> {
  await page.goto(`/login?redirectTo=${encodeURIComponent(path)}`);
  await page.locator(`button[name="login"][value="${login}"]`).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
}

/** The only addresses a plugin may call (DESIGN.md section 3); a host that offers more would not be Grafana. */
const PLUGIN_MAY_CALL = [
  /^\/api\/plugin-proxy\/[^/]+\//,
  /^\/api\/ds\/query$/,
  /^\/api\/plugins\/[^/]+\/settings$/,
  /^\/api\/datasources\/uid\/prometheus\/resources\//,
];
/** Called by the host itself, as Grafana's page does. */
const HOST_CALLS = [/^\/api\/login\/ping$/];

export interface ProblemOptions {
  /** Statuses a test provokes on purpose, e.g. 403 of a denied action. */
  readonly expectedStatuses?: readonly number[];
}

/** Collects console errors and warnings, uncaught errors, failed requests and forbidden calls from now on. */
export function collectProblems(page: Page, { expectedStatuses = [] }: ProblemOptions = {}): readonly string[] {
  const problems: string[] = [];
  const expected = (status: number): boolean => expectedStatuses.includes(status);
  page.on('console', (message) => {
    // Chromium repeats every failed request on the console; those are judged by their status below.
    const isEcho = /^Failed to load resource: the server responded with a status of (\d+)/.exec(message.text());
    if (['error', 'warning'].includes(message.type()) && (isEcho === null || !expected(Number(isEcho[1])))) {
      problems.push(`console ${message.type()}: ${message.text().slice(0, 500)} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${(error.stack ?? String(error)).slice(0, 800)}`));
  page.on('response', (response) => {
    if (response.status() >= 400 && !expected(response.status())) {
      problems.push(`${response.status()} ${response.request().method()} ${response.url()}`);
    }
  });
  page.on('requestfailed', (request) => {
    // A page that is left, or a newer query, cancels what is under way.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') {
      problems.push(`failed: ${request.method()} ${request.url()} ${request.failure()?.errorText ?? ''}`);
    }
  });
  page.on('request', (request) => {
    const { origin, pathname } = new URL(request.url());
    const own = page.url() === 'about:blank' ? origin : new URL(page.url()).origin;
    if (origin !== own && !/^(?:data|blob):/.test(request.url())) {
      problems.push(`call to another origin: ${request.url()}`);
    }
    if (/^\/apis?\//.test(pathname) && ![...PLUGIN_MAY_CALL, ...HOST_CALLS].some((allowed) => allowed.test(pathname))) {
      problems.push(`call a plugin may not make: ${request.method()} ${pathname}`);
    }
  });
  return problems;
}

export function expectNoProblems(problems: readonly string[]): void {
  assert.deepEqual([...new Set(problems)], [], 'The page reported problems.');
}

/** Resolves when every panel of the page has left its loading state. */
export async function panelsLoaded(page: Page): Promise<void> {
  await page.locator('[data-testid^="data-testid Panel header"], section[aria-labelledby]').first().waitFor();
  await page.waitForFunction(
    () => document.querySelector('[aria-label="Panel loading bar"], [data-testid="Spinner"]') === null,
  );
  await page.waitForLoadState('networkidle');
}
