// The dialog of every audited write, as a person goes through it: say why, confirm; the button waits for the preview.
import type { Page } from 'playwright-core';

/** The demo company lives on: somebody who joins between preview and write makes the dialog ask again, and so does a person. */
const TRIES = 4;

export async function confirmWrite(page: Page, button: string, reason: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/Reason/).fill(reason);
  const closed = dialog.waitFor({ state: 'hidden' });
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    await dialog.getByRole('button', { name: button }).click();
    const asksAgain = dialog.getByText(/This has changed since you looked/).waitFor();
    // Whichever comes first decides; the other wait ends in a time-out that nobody hears.
    const settled = await Promise.race([closed.then(() => true), asksAgain.then(() => false)]).finally(() => void asksAgain.catch(() => undefined));
    if (settled) {
      return;
    }
  }
  throw new Error(`"${button}" was asked to be confirmed ${TRIES} times in a row.`);
}
