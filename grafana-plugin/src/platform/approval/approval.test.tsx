// A write that another admin has to approve: the dialog asks instead of acting, waits, and acts once it may.
import { screen, waitFor, within } from '@testing-library/react';
import { audit } from '@admin-center/contracts/audit';
import type { Approval } from '@admin-center/contracts/audit-approvals';
import { users } from '@admin-center/contracts/users';
import { UserActionButton } from '../../capabilities/users/UserActionButton.tsx';
import { createBackend, problem, type Backend } from '../../../test/backend.ts';
import { fill } from '../../../test/fill.ts';
import { APPROVAL, GUARDED, MAYA, RADIUS } from '../../../test/fixtures.ts';
import { SAM } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';

const REASON = 'Chargeback fraud ring, case 12';
const MINE: Approval = { ...APPROVAL, mine: true, mayDecide: false };
const GRANTED: Approval = { ...MINE, state: 'approved', decider: 'ada@acme.example', decisionReason: 'Right, the ring is known.' };
let backend: Backend;
let approvals: Approval[];
beforeEach(() => {
  backend = createBackend();
  approvals = [];
  backend.on(users.endpoints.suspendPreview, () => GUARDED);
  backend.on(audit.endpoints.approvals, ({ query }) => ({ items: approvals.filter(({ fingerprint }) => fingerprint === query.fingerprint), nextCursor: null }));
  backend.on(users.endpoints.suspend, () => {
    if (!approvals.some(({ state, mine }) => state === 'approved' && mine)) {
      throw problem(409, 'approval_needed', 'This takes the approval of another admin.', { ticket: 'ticket-1' });
    }
    return { user: { ...MAYA, state: 'suspended' as const }, sessionsRevoked: 2, auditSequence: 42, message: 'Maya Okoro is suspended; 2 sessions ended.' };
  });
  backend.on(audit.endpoints.askApproval, () => {
    approvals = [MINE];
    return { approval: MINE, auditSequence: 43, message: 'Asked.' };
  });
  backend.on(audit.endpoints.withdraw, () => {
    approvals = [{ ...MINE, state: 'withdrawn' }];
    return { approval: { ...MINE, state: 'withdrawn' as const }, auditSequence: 44, message: 'Withdrawn.' };
  });
});

async function openDialog() {
  const onChanged = jest.fn();
  const { user } = render(backend, <UserActionButton user={MAYA} onChanged={onChanged} />, { as: SAM });
  await waitFor(() => expect(screen.getByRole('button', { name: 'Suspend maya@example.com' })).toHaveAttribute('aria-disabled', 'false'));
  await user.click(screen.getByRole('button', { name: 'Suspend maya@example.com' }));
  const dialog = within(await screen.findByRole('dialog'));
  const giveReason = async () => {
    await fill(user, dialog.getByLabelText(/Reason/), REASON);
  };
  return { user, onChanged, dialog, giveReason };
}
const posted = () => backend.requests.filter(({ method }) => method === 'POST').map(({ url, body }) => ({ url: url.replace(/.*\/v1/, ''), body }));

test('what it touches names the running experiments and the state of the error budget', async () => {
  const { dialog } = await openDialog();
  expect(await dialog.findByText('checkout-copy')).toBeInTheDocument();
  expect(dialog.getByText('Burning (2.13% of requests fail)')).toBeInTheDocument();
  expect(dialog.getByText(/The error budget is burning right now/)).toBeInTheDocument();
});

test('the dialog asks instead of acting, with the ticket of the refusal and the reason', async () => {
  const { user, onChanged, dialog, giveReason } = await openDialog();
  const ask = await dialog.findByRole('button', { name: 'Ask for approval' });
  expect(dialog.queryByRole('button', { name: 'Suspend user' })).not.toBeInTheDocument();
  await giveReason();
  await user.click(ask);
  expect(await dialog.findByText('Waiting for another super admin')).toBeInTheDocument();
  expect(posted()).toEqual([
    { url: `/users/${MAYA.id}/suspend`, body: { reason: REASON, previewToken: GUARDED.token } },
    { url: '/audit/approvals', body: { ticket: 'ticket-1', reason: REASON } },
  ]);
  expect(dialog.getByRole('button', { name: 'Suspend user' })).toBeDisabled();
  expect(onChanged).not.toHaveBeenCalled();
  expect(backend.toasts).toEqual(['Asked.']);
});

test('granted, it acts; a screen reader hears who granted it and why', async () => {
  approvals = [GRANTED];
  const { user, onChanged, dialog, giveReason } = await openDialog();
  expect(await dialog.findByText('Approved by ada@acme.example')).toBeInTheDocument();
  expect(dialog.getByText(/Right, the ring is known/).closest('[aria-live="polite"]')).not.toBeNull();
  await giveReason();
  await user.click(dialog.getByRole('button', { name: 'Suspend user' }));
  await waitFor(() => expect(onChanged).toHaveBeenCalledTimes(1));
});

test('an approval of what has changed since is none', async () => {
  approvals = [{ ...GRANTED, fingerprint: 'another' }];
  const { dialog } = await openDialog();
  expect(await dialog.findByRole('button', { name: 'Ask for approval' })).toBeInTheDocument();
});

test('a rejection is shown with its reason, and one may ask again', async () => {
  approvals = [{ ...MINE, state: 'rejected', decider: 'ada@acme.example', decisionReason: 'Wrong Maya.' }];
  const { dialog } = await openDialog();
  expect(await dialog.findByText('ada@acme.example rejected it: Wrong Maya.')).toBeInTheDocument();
  expect(dialog.getByRole('button', { name: 'Ask for approval' })).toBeEnabled();
});

test('a request that waits can be withdrawn', async () => {
  approvals = [MINE];
  const { user, dialog } = await openDialog();
  await user.click(await dialog.findByRole('button', { name: /Withdraw the request/ }));
  expect(await dialog.findByRole('button', { name: 'Ask for approval' })).toBeInTheDocument();
  expect(posted()).toEqual([{ url: `/audit/approvals/${MINE.id}/withdraw`, body: undefined }]);
});

test('where no approval is needed, nobody asks about one', async () => {
  backend.on(users.endpoints.suspendPreview, () => RADIUS);
  const { dialog } = await openDialog();
  await dialog.findByText('2 live sessions');
  expect(backend.requests.filter(({ url }) => url.includes('approvals'))).toEqual([]);
});
