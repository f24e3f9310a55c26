// First paint of each page with the demo company's 200 days, and what the browser transferred: once with an empty cache,
// once as somebody who comes back.
import { provideBrowser } from '../../launcher/src/testing/provide-tools.ts';
import { startScratchStack } from '../../launcher/src/testing/scratch-stack.ts';
import { silentProgress } from '../../launcher/src/stack/progress.ts';
import { launchBrowser, openContext, panelsLoaded, signIn } from '../e2e/browser.ts';
import type { BrowserContext } from 'playwright-core';
import { APP_URL, ROUTES } from '../../grafana-plugin/src/routes.ts';

export const name = 'First paint and transfer of each page';

type Report = (row: Record<string, string | number>) => void;

export async function run(report: Report): Promise<void> {
  const stack = await startScratchStack(silentProgress(), { DEMO_USERS: '20000', DEMO_DAYS: '200', HISTORY_DAYS: '200' });
  process.env['BASE_URL'] = stack.config.PUBLIC_URL;
  process.env['CHROMIUM'] = (await provideBrowser()).program ?? '';
  const browser = await launchBrowser();
  try {
    for (const { path, title } of Object.values(ROUTES)) {
      const context = await openContext(browser);
      const page = await context.newPage();
      await signIn(page, 'ada', '/healthz');
      await page.close();
      const cold = await visit(context, `${APP_URL}/${path}`);
      const warm = await visit(context, `${APP_URL}/${path}`);
      await context.close();
      report({
        page: title, 'first paint ms': cold.paint, 'all panels ms': cold.loaded, requests: cold.requests, 'transferred kB': cold.kilobytes,
        'again: first paint ms': warm.paint, 'again: all panels ms': warm.loaded, 'again: kB': warm.kilobytes,
      });
    }
  } finally {
    await browser.close();
    await stack.stop();
  }
}

/** One visit in a tab of its own; the cache belongs to the context. */
async function visit(context: BrowserContext, url: string) {
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  let bytes = 0;
  let requests = 0;
  network.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  const begun = performance.now();
  await page.goto(url);
  await panelsLoaded(page);
  const loaded = performance.now() - begun;
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
  await page.close();
  return { paint: Math.round(paint), loaded: Math.round(loaded), requests, kilobytes: Math.round(bytes / 1_000) };
}
