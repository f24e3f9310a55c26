// Puts a text into a field, instead of what was in it, as somebody does who pastes it.
import { waitFor } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';

/** A dialog that has just opened takes the focus once more; a person is slower than that, a test is not. */
export async function fill(user: UserEvent, field: HTMLElement, text: string): Promise<void> {
  await user.click(field);
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await user.click(field);
  await waitFor(() => expect(field).toHaveFocus());
  if ((field as HTMLInputElement).value !== '') {
    await user.clear(field);
  }
  await user.paste(text);
}
