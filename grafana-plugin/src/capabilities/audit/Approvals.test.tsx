// Approvals on the Audit page, and what the Overview says about them.
import { act, screen, waitFor, within } from '@testing-library/react';
import { audit } from '@admin-center/contracts/audit';
import type { Approval } from '@admin-center/contracts/audit-approvals';
import { createBackend, problem, type Backend } from '../../../test/backend.ts';
import { fill } from '../../../test/fill.ts';
import { APPROVAL } from '../../../test/fixtures.ts';
import { ADA, SAM } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { Approvals } from './Approvals.tsx';
import { ApprovalsWaiting } from './ApprovalsWaiting.tsx';

const RANGE = { from: '2026-11-15T12:00:00.000Z', to: '2026-11-22T12:00:00.000Z', chosen: 'now-7d now' };
const WHY = 'Checked with the fraud team.';
let backend: Backend;
let open: Approval[];
beforeEach(() => {
  backend = createBackend();
  open = [APPROVAL];
  backend.on(audit.endpoints.approvals, ({ query }) => ({ items: query.open === 'true' ? open : [{ ...APPROVAL, state: 'used' as const, mayDecide: false, decider: 'ada@acme.example', decisionReason: WHY }], nextCursor: null }));
  backend.on(audit.endpoints.approve, ({ params }) => {
    open = [];
    return { approval: { ...APPROVAL, id: String(params['approvalId']), state: 'approved' as const }, auditSequence: 50, message: 'Approved.' };
  });
});

test('an approver sees what will happen and what it touches, says why, and approves, by the keyboard alone', async () => {
  const { user } = render(backend, <Approvals range={RANGE} />, { as: ADA });
  const approve = await screen.findByRole('button', { name: 'Approve sam@acme.example: Suspend Maya Okoro.' });
  act(() => approve.focus());
  await user.keyboard('{Enter}');
  const dialog = within(await screen.findByRole('dialog'));
  expect(dialog.getByText(/sam@acme.example asks: Suspend Maya Okoro. Because: Chargeback fraud ring/)).toBeInTheDocument();
  expect(await dialog.findByText('5,000 users (5,000 premium)')).toBeInTheDocument();
  expect(dialog.getByText('checkout-copy')).toBeInTheDocument();
  act(() => dialog.getByLabelText(/Reason/).focus());
  await user.paste(WHY);
  await user.tab();
  await user.tab();
  expect(dialog.getByRole('button', { name: 'Approve' })).toHaveFocus();
  await user.keyboard('{Enter}');
  await waitFor(() => expect(backend.toasts).toEqual(['Approved.']));
  expect(backend.requests.find(({ method }) => method === 'POST')).toMatchObject({ params: { approvalId: APPROVAL.id }, body: { reason: WHY } });
  expect(await screen.findByText('Nothing waits for an approval')).toBeInTheDocument();
});

test('one who may not decide sees the request without buttons; the requester can only withdraw', async () => {
  open = [{ ...APPROVAL, mayDecide: false }, { ...APPROVAL, id: '44444444-4444-4444-8444-444444444444', mayDecide: false, mine: true }];
  render(backend, <Approvals range={RANGE} />, { as: SAM });
  expect(await screen.findByText('sam@acme.example (you)')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /^(Approve|Reject)/ })).not.toBeInTheDocument();
  expect(screen.getAllByRole('button', { name: /^Withdraw/ })).toHaveLength(1);
});

test('what another admin decided meanwhile is said', async () => {
  backend.on(audit.endpoints.reject, () => {
    throw problem(409, 'already_decided', 'This request is approved already.');
  });
  const { user } = render(backend, <Approvals range={RANGE} />, { as: ADA });
  await user.click(await screen.findByRole('button', { name: /^Reject/ }));
  const dialog = within(await screen.findByRole('dialog'));
  await fill(user, dialog.getByLabelText(/Reason/), WHY);
  await user.click(dialog.getByRole('button', { name: 'Reject' }));
  expect(await dialog.findByText('This request is approved already.')).toBeInTheDocument();
});

test('past requests tell who decided and why', async () => {
  const { user } = render(backend, <Approvals range={RANGE} />, { as: ADA });
  await screen.findByText('Suspend Maya Okoro.');
  await user.click(screen.getByRole('radio', { name: 'Past' }));
  expect(await screen.findByTitle(`ada@acme.example: ${WHY}`)).toBeInTheDocument();
});

test('the Overview tells an approver what waits, and nobody else is bothered', async () => {
  const { unmount } = render(backend, <ApprovalsWaiting range={RANGE} />, { as: ADA });
  expect(await screen.findByText('1 request waits for your approval')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Look at the approvals' })).toHaveAttribute('href', '/a/cloudtolocalllm-admincenter-app/audit');
  unmount();
  const before = backend.requests.length;
  render(backend, <ApprovalsWaiting range={RANGE} />, { as: SAM });
  await waitFor(() => expect(backend.requests.length).toBeGreaterThan(before));
  expect(screen.queryByText(/for your approval/)).not.toBeInTheDocument();
  expect(backend.requests.slice(before).every(({ url }) => url.endsWith('/me'))).toBe(true);
});
