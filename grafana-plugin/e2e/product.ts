// What the browser tests of the product share: where it is, what a page may not fall short of, pictures of it.
import assert from 'node:assert/strict';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import type { Theme } from '../../standalone/e2e/browser.ts';

export { APP_URL as APP } from '../src/routes.ts';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
/** Grafana's own controls: its refresh button has no name, its legend and interval picker are named unlike they read. */
const GRAFANAS_BUTTON = '[data-testid="data-testid RefreshPicker run button"]';
const GRAFANAS_RULE = 'label-content-name-mismatch';

/** A person who cannot see or cannot use a mouse gets along (WCAG 2.1 AA). Only colours differ between the themes. */
export async function expectAccessible(page: Page, theme: Theme = 'dark'): Promise<void> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode().include('main').exclude(GRAFANAS_BUTTON);
  const { violations } = await (theme === 'dark' ? axe.withTags(WCAG).disableRules(GRAFANAS_RULE) : axe.withRules('color-contrast')).analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`), []);
}

/** With IMAGES_DIR set, pages are kept as pictures for the README. */
export async function keepImage(page: Page, name: string): Promise<void> {
  const folder = process.env['IMAGES_DIR'];
  if (folder !== undefined) {
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
  }
}
