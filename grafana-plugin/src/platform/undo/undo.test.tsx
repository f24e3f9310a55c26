// Right after an action its inverse is offered: one click, recorded with where it comes from.
import { act, screen, waitFor, within } from '@testing-library/react';
import { users } from '@admin-center/contracts/users';
import { UserActionButton } from '../../capabilities/users/UserActionButton.tsx';
import { createBackend, problem, type Backend } from '../../../test/backend.ts';
import { fill } from '../../../test/fill.ts';
import { MAYA, RADIUS } from '../../../test/fixtures.ts';
import { SAM } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { UndoBar } from './UndoBar.tsx';

let backend: Backend;
const changed = (state: 'active' | 'suspended', message: string) => ({ user: { ...MAYA, state }, sessionsRevoked: 0, auditSequence: 42, message });
beforeEach(() => {
  backend = createBackend();
  backend.on(users.endpoints.suspendPreview, () => RADIUS);
  backend.on(users.endpoints.suspend, () => changed('suspended', 'Maya is suspended.'));
  backend.on(users.endpoints.reactivate, () => changed('active', 'Maya is active again.'));
});

async function suspend(bars = 1) {
  const onChanged = jest.fn();
  const tree = (
    <>
      <UserActionButton user={MAYA} onChanged={onChanged} />
      {Array.from({ length: bars }, (_, index) => (
        <UndoBar key={index} />
      ))}
    </>
  );
  const { user } = render(backend, tree, { as: SAM });
  await waitFor(() => expect(screen.getByRole('button', { name: 'Suspend maya@example.com' })).toHaveAttribute('aria-disabled', 'false'));
  await user.click(screen.getByRole('button', { name: 'Suspend maya@example.com' }));
  const dialog = within(await screen.findByRole('dialog'));
  await dialog.findByText('2 live sessions');
  await fill(user, dialog.getByLabelText(/Reason/), 'Chargeback fraud ring, case 12');
  await user.click(dialog.getByRole('button', { name: 'Suspend user' }));
  await waitFor(() => expect(onChanged).toHaveBeenCalledTimes(1));
  return { user, onChanged };
}
const offer = () => screen.findByRole('button', { name: 'Undo: Reactivate maya@example.com' });
const lastWrite = () => backend.requests.filter(({ method }) => method === 'POST').at(-1);

test('the bar says what happened and takes it back by the keyboard alone', async () => {
  const { user, onChanged } = await suspend();
  const undo = await offer();
  expect(screen.getByText('Maya is suspended.').closest('[aria-live="polite"]')).not.toBeNull();
  act(() => undo.focus());
  await user.keyboard('{Enter}');
  await waitFor(() => expect(onChanged).toHaveBeenCalledTimes(2));
  expect(lastWrite()).toMatchObject({ params: { userId: MAYA.id }, body: { reason: 'Undo of audit entry 42, right after it.' } });
  expect(lastWrite()?.url).toContain('/reactivate');
  expect(backend.toasts).toEqual(['Maya is active again.']);
  expect(screen.queryByRole('button', { name: /^Undo/ })).not.toBeInTheDocument();
});

test('what could not be undone is said, and tried again under the same key', async () => {
  backend.on(users.endpoints.reactivate, () => {
    backend.on(users.endpoints.reactivate, () => changed('active', 'Maya is active again.'));
    throw problem(409, 'state_conflict', 'This user is not suspended.');
  });
  const { user } = await suspend();
  await user.click(await offer());
  expect(await screen.findByText('Not undone: This user is not suspended.')).toBeInTheDocument();
  const first = lastWrite()?.headers['Idempotency-Key'];
  await user.click(await offer());
  await waitFor(() => expect(backend.toasts).toEqual(['Maya is active again.']));
  expect(lastWrite()?.headers['Idempotency-Key']).toBe(first);
});

test('it can be closed, and with several bars on a dashboard there is one offer', async () => {
  const { user } = await suspend(3);
  await offer();
  expect(screen.getAllByRole('button', { name: /^Undo/ })).toHaveLength(1);
  await user.click(screen.getByRole('button', { name: 'Close this message' }));
  expect(screen.queryByRole('button', { name: /^Undo/ })).not.toBeInTheDocument();
});

test('where nothing shows offers, the message is a toast', async () => {
  await suspend(0);
  expect(backend.toasts).toEqual(['Maya is suspended.']);
});
