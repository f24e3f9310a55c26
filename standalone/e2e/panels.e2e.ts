// The panels of the shell in a real browser: drawn, told apart, clicked, zoomed, with links and annotations, in both themes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { collectProblems, expectNoProblems, launchBrowser, openContext, signIn, type Theme } from './browser.ts';
import { LAB, startLab, type Lab } from './lab.ts';

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

async function open(theme: Theme): Promise<{ context: BrowserContext; page: Page; problems: readonly string[] }> {
  const context = await openContext(browser, { theme, baseURL: lab.url });
  const page = await context.newPage();
  const problems = collectProblems(page);
  await signIn(page, 'ada', `${LAB}/panels`);
  await page.locator('.u-over').first().waitFor();
  return { context, page, problems };
}

const panel = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true }).first();

/** A point of the graph by fractions of its width and height. */
async function pointOf(page: Page, x: number, y: number): Promise<{ x: number; y: number }> {
  const box = await panel(page, 'timeseries').locator('.u-over').boundingBox();
  assert.ok(box);
  return { x: box.x + box.width * x, y: box.y + box.height * y };
}

for (const theme of ['dark', 'light'] satisfies Theme[]) {
  test(`all panels draw without a complaint, ${theme}`, async () => {
    const { context, page, problems } = await open(theme);
    assert.equal(await page.locator('body').getAttribute('class'), `theme-${theme} app-grafana`);
    await panel(page, 'stat')
      .getByText(/\d+(\.\d+)? req\/s/)
      .first()
      .waitFor();
    await panel(page, 'bargauge').getByText('requests').first().waitFor();
    await panel(page, 'table').getByRole('gridcell', { name: 'premium' }).waitFor();
    await panel(page, 'text').getByRole('heading', { name: 'Heading' }).waitFor();
    await panel(page, 'empty').getByText('No data').waitFor();
    expectNoProblems(problems);
    await context.close();
  });
}

describe('a time series', () => {
  let context: BrowserContext;
  let page: Page;
  let problems: readonly string[];
  before(async () => {
    ({ context, page, problems } = await open('dark'));
  });
  after(() => context.close());

  test('has an axis for each unit', async () => {
    // Axes are on the canvas; the room they take is what the plot does not have.
    const box = await panel(page, 'timeseries').locator('.u-over').boundingBox();
    assert.ok(box !== null && box.width < 560 - 80, `the plot is ${box?.width} px wide, as if there were one axis`);
  });

  test('tells time and all values on hover, links once clicked', async () => {
    // On the line of the requests, so that its links are the ones shown.
    const { x, y } = await pointOf(page, 0.3, 0.43);
    await page.mouse.move(x - 5, y);
    await page.mouse.move(x, y, { steps: 3 });
    const tooltip = page
      .locator('#grafana-portal-container')
      .getByText('2026-11-22 11:18:00')
      .locator('xpath=ancestor::*[contains(., "errors")][1]');
    await tooltip.getByText('requests').waitFor();
    await page.mouse.click(x, y);
    const link = page.getByRole('link', { name: /^Open (requests|errors)$/ }).first();
    await link.waitFor();
    assert.match((await link.getAttribute('href')) ?? '', /^\/a\/acme-lab-app\/editors/);
    await page.keyboard.press('Escape');
  });

  test('asks for another range when dragged over', async () => {
    const from = await pointOf(page, 0.25, 0.5);
    const to = await pointOf(page, 0.75, 0.5);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 8 });
    await page.mouse.up();
    await panel(page, 'timeseries')
      .getByText(/^zoomed (29|30|31) minutes$/)
      .waitFor();
  });

  test('tells which series was clicked in the legend', async () => {
    await panel(page, 'timeseries').getByTestId('data-testid VizLegend series errors').getByText('errors').click();
    await panel(page, 'timeseries').getByText('toggled errors').waitFor();
  });

  test('marks a moment and a span, and tells their text to mouse and keyboard', async () => {
    const moment = panel(page, 'timeseries').getByRole('button', { name: 'Annotation: user suspended' });
    const span = panel(page, 'timeseries').getByRole('button', { name: 'Annotation: incident' });
    const [plot, at, during] = await Promise.all([
      panel(page, 'timeseries').locator('.u-over').boundingBox(),
      moment.boundingBox(),
      span.boundingBox(),
    ]);
    assert.ok(plot && at && during);
    assert.ok(
      Math.abs((at.x + at.width / 2 - plot.x) / plot.width - 0.4) < 0.01,
      'the moment stands at 40% of the hour',
    );
    assert.ok(
      Math.abs((during.x - plot.x) / plot.width - 0.6) < 0.01 && Math.abs(during.width / plot.width - 0.2) < 0.01,
      'the span reaches from 60% to 80%',
    );
    await moment.hover();
    const details = page.getByRole('tooltip').filter({ hasText: 'Ada suspended Jo' });
    await details.waitFor();
    assert.equal(await details.locator('b').textContent(), 'suspended');

    await page.mouse.move(0, 0);
    await moment.focus();
    await page.keyboard.press('Tab');
    await page.getByRole('tooltip').filter({ hasText: 'payments slow' }).waitFor();
  });

  test('draws the marks on the canvas', async () => {
    const colored = await panel(page, 'timeseries')
      .locator('canvas')
      .evaluate((canvas) => {
        const { width, height } = canvas as HTMLCanvasElement;
        const pixels =
          (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ??
          new Uint8ClampedArray();
        let count = 0;
        for (let index = 0; index < pixels.length; index += 4) {
          count +=
            pixels[index] === 0 && pixels[index + 1] === 211 && pixels[index + 2] === 255 && pixels[index + 3] === 255
              ? 1
              : 0;
        }
        return count;
      });
    assert.ok(colored > 200, `${colored} pixels in the colour of annotations`);
  });

  test('did all that without a complaint, and no script of the data ran', async () => {
    expectNoProblems(problems);
    assert.equal(await page.evaluate(() => 'hacked' in window), false);
  });
});

test('links of a stat, a bar and a table cell lead on without loading the page again', async () => {
  const { context, page, problems } = await open('dark');
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await panel(page, 'table').getByRole('link', { name: 'free' }).click();
  await page.getByText('for editors').waitFor();
  assert.match(page.url(), /\/editors\?value=free$/);
  await page.goBack();
  await page.locator('.u-over').first().waitFor();
  await panel(page, 'stat').getByRole('link').first().click();
  await page.waitForURL(/\/editors\?value=/);
  assert.equal(await page.evaluate(() => 'sameDocument' in window), true);
  expectNoProblems(problems);
  await context.close();
});
