// Suspending a user: see what it touches, say why, confirm; and what happens when the world changed meanwhile.
import { screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { users } from '@admin-center/contracts/users';
import { createBackend, problem, Refusal, type Backend } from '../../../test/backend.ts';
import { fill } from '../../../test/fill.ts';
import { KEN, MAYA, RADIUS } from '../../../test/fixtures.ts';
import { FIN, SAM } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { UserActionButton } from './UserActionButton.tsx';

const REASON = 'Chargeback fraud ring, case 12';
let backend: Backend;
beforeEach(() => {
  backend = createBackend();
  backend.on(users.endpoints.suspendPreview, () => RADIUS);
});

const suspended = () => ({ user: { ...MAYA, state: 'suspended' as const }, sessionsRevoked: 2, auditSequence: 42, message: 'Maya Okoro is suspended; 2 sessions ended.' });
const writes = () => backend.requests.filter(({ method }) => method === 'POST');

async function openDialog() {
  const onChanged = jest.fn();
  const { user } = render(backend, <UserActionButton user={MAYA} onChanged={onChanged} />, { as: SAM });
  const button = () => screen.getByRole('button', { name: 'Suspend maya@example.com' });
  // Grafana's buttons stay focusable while disabled and say so by aria-disabled.
  await waitFor(() => expect(button()).toHaveAttribute('aria-disabled', 'false'));
  await user.click(button());
  const dialog = await screen.findByRole('dialog');
  return { user, onChanged, dialog };
}

/** Pasted, since each typed letter draws the dialog anew. */
async function giveReason(user: UserEvent, dialog: HTMLElement, reason: string) {
  await fill(user, within(dialog).getByLabelText(/Reason/), reason);
}

test('preview, reason, confirm: one write with the token that was shown, a toast, a reload', async () => {
  backend.on(users.endpoints.suspend, suspended);
  const { user, onChanged, dialog } = await openDialog();
  expect(await within(dialog).findByText('1 user (1 premium)')).toBeInTheDocument();
  expect(within(dialog).getByText('$9.99')).toBeInTheDocument();
  expect(within(dialog).getByText('2 live sessions')).toBeInTheDocument();
  await giveReason(user, dialog, REASON);
  await user.click(within(dialog).getByRole('button', { name: 'Suspend user' }));
  await waitFor(() => expect(onChanged).toHaveBeenCalledTimes(1));
  expect(writes()).toHaveLength(1);
  expect(writes()[0]).toMatchObject({ params: { userId: MAYA.id }, body: { reason: REASON, previewToken: 'token-1' } });
  expect(writes()[0]?.headers['Idempotency-Key']).toMatch(/^[0-9a-f-]{36}$/);
  expect(backend.toasts).toEqual(['Maya Okoro is suspended; 2 sessions ended.']);
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
});

test('a reason that says nothing is not sent', async () => {
  const { user, dialog } = await openDialog();
  await within(dialog).findByText('1 user (1 premium)');
  await giveReason(user, dialog, 'spam');
  await user.click(within(dialog).getByRole('button', { name: 'Suspend user' }));
  expect(await within(dialog).findByText('Say why in at least 10 characters.')).toBeInTheDocument();
  expect(writes()).toHaveLength(0);
});

test('when the user changed since the preview, the new preview is shown and asked about again', async () => {
  const { user, onChanged, dialog } = await openDialog();
  await within(dialog).findByText('2 live sessions');
  backend.on(users.endpoints.suspend, ({ body }) => {
    if ((body as { previewToken: string }).previewToken !== 'token-2') {
      backend.on(users.endpoints.suspendPreview, () => ({ ...RADIUS, sessions: 3, tiers: { enterprise: 1 }, warnings: ['Pays for enterprise since a minute ago.'], token: 'token-2' }));
      throw problem(409, 'stale_preview', 'The user has upgraded since the preview.');
    }
    return suspended();
  });
  await giveReason(user, dialog, REASON);
  await user.click(within(dialog).getByRole('button', { name: 'Suspend user' }));
  expect(await within(dialog).findByText(/This has changed since you looked/)).toBeInTheDocument();
  expect(within(dialog).getByText('The user has upgraded since the preview.')).toBeInTheDocument();
  expect(await within(dialog).findByText('3 live sessions')).toBeInTheDocument();
  expect(within(dialog).getByText('Pays for enterprise since a minute ago.')).toBeInTheDocument();
  expect(within(dialog).getByLabelText(/Reason/)).toHaveValue(REASON);
  expect(onChanged).not.toHaveBeenCalled();

  await user.click(within(dialog).getByRole('button', { name: 'Suspend user' }));
  await waitFor(() => expect(onChanged).toHaveBeenCalledTimes(1));
  const [first, second] = writes();
  expect(second?.body).toEqual({ reason: REASON, previewToken: 'token-2' });
  expect(second?.headers['Idempotency-Key']).not.toBe(first?.headers['Idempotency-Key']);
});

test('a lost answer is retried with the same key', async () => {
  const { user, onChanged, dialog } = await openDialog();
  await within(dialog).findByText('2 live sessions');
  backend.on(users.endpoints.suspend, () => {
    backend.on(users.endpoints.suspend, suspended);
    throw new Refusal(504);
  });
  await giveReason(user, dialog, REASON);
  await user.click(within(dialog).getByRole('button', { name: 'Suspend user' }));
  expect(await within(dialog).findByText('Nothing was changed')).toBeInTheDocument();
  await user.click(within(dialog).getByRole('button', { name: 'Suspend user' }));
  await waitFor(() => expect(onChanged).toHaveBeenCalledTimes(1));
  const [first, second] = writes();
  expect(second?.headers['Idempotency-Key']).toBe(first?.headers['Idempotency-Key']);
});

test('a preview that cannot be made stops the write', async () => {
  backend.on(users.endpoints.suspendPreview, () => {
    throw problem(409, 'already_suspended', 'The user is already suspended.');
  });
  const { dialog } = await openDialog();
  expect(await within(dialog).findByText(/The user is already suspended/)).toBeInTheDocument();
  expect(within(dialog).getByRole('button', { name: 'Suspend user' })).toBeDisabled();
});

test('a suspended user can be reactivated', async () => {
  render(backend, <UserActionButton user={KEN} onChanged={jest.fn()} />, { as: SAM });
  expect(await screen.findByRole('button', { name: 'Reactivate ken@example.com' })).toBeInTheDocument();
});

test('finance may look but not suspend, and is told who may', async () => {
  const { user } = render(backend, <UserActionButton user={MAYA} onChanged={jest.fn()} />, { as: FIN });
  const button = await screen.findByRole('button', { name: 'Suspend maya@example.com' });
  await user.click(button);
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  await user.hover(button);
  expect(await screen.findByText('Needs the role super admin or support admin')).toBeInTheDocument();
});

test('there is nothing to do about a deleted user', async () => {
  render(backend, <UserActionButton user={{ ...MAYA, state: 'deleted' }} onChanged={jest.fn()} />);
  await waitFor(() => expect(backend.requests).not.toHaveLength(0));
  expect(screen.queryByRole('button')).not.toBeInTheDocument();
});
