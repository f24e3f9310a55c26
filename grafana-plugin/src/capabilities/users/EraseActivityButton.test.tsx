// Erasing what a user did: who sees the button, what is shown before, and what is sent.
import { screen, waitFor, within } from '@testing-library/react';
import { engagement } from '@admin-center/contracts/engagement';
import { users } from '@admin-center/contracts/users';
import { createBackend, type Backend } from '../../../test/backend.ts';
import { fill } from '../../../test/fill.ts';
import { MAYA, MAYA_DETAIL, RADIUS } from '../../../test/fixtures.ts';
import { FIN, SAM } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { EraseActivityButton } from './EraseActivityButton.tsx';
import { UserView } from './UserPage.tsx';

const REASON = 'Asked for by mail, ticket DSR-12';
const NAME = 'Erase activity maya@example.com';
const PREVIEW = { ...RADIUS, sessions: 0, events: 1_204, days: 31, visitors: 2, since: '2026-09-01T10:00:00.000Z', erasedBefore: false, warnings: ['This cannot be taken back, and what still comes in of this user is not stored any more.'] };
let backend: Backend;
beforeEach(() => {
  backend = createBackend();
  backend.on(engagement.endpoints.erasePreview, () => PREVIEW);
});

test('how much, why, confirm: one write with the token that was shown, a toast, a reload, and no way back', async () => {
  backend.on(engagement.endpoints.erase, () => ({ events: 1_204, auditSequence: 43, message: 'Erased: 1204 events.' }));
  const onChanged = jest.fn();
  const { user } = render(backend, <EraseActivityButton user={MAYA} onChanged={onChanged} />);
  await user.click(await screen.findByRole('button', { name: NAME }));
  const dialog = await screen.findByRole('dialog');
  expect(await within(dialog).findByText('1,204 events on 31 days, the first on 2026-09-01')).toBeInTheDocument();
  expect(within(dialog).getByText(PREVIEW.warnings[0] as string)).toBeInTheDocument();
  await fill(user, within(dialog).getByLabelText(/Reason/), REASON);
  await user.click(within(dialog).getByRole('button', { name: 'Erase activity' }));
  await waitFor(() => expect(onChanged).toHaveBeenCalledTimes(1));
  const writes = backend.requests.filter(({ method }) => method === 'POST');
  expect(writes).toHaveLength(1);
  expect(writes[0]).toMatchObject({ params: { userId: MAYA.id }, body: { reason: REASON, previewToken: RADIUS.token } });
  expect(backend.toasts).toEqual(['Erased: 1204 events.']);
  expect(screen.queryByRole('button', { name: /Undo/ })).not.toBeInTheDocument();
});

test('is on the page of the user for super admins', async () => {
  backend.on(users.endpoints.get, () => MAYA_DETAIL);
  render(backend, <UserView userId={MAYA.id} />);
  expect(await screen.findByRole('button', { name: NAME })).toBeInTheDocument();
});

test.each([['support', SAM], ['finance', FIN]])('is not there for %s', async (_role, as) => {
  backend.on(users.endpoints.get, () => MAYA_DETAIL);
  render(backend, <UserView userId={MAYA.id} />, { as });
  expect(await screen.findByRole('button', { name: 'Suspend maya@example.com' })).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: NAME })).not.toBeInTheDocument();
});
