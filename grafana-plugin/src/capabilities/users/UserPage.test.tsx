// A user's page: what each role sees of it, and what is shown when there is nothing.
import { screen } from '@testing-library/react';
import { users, type UserDetail } from '@admin-center/contracts/users';
import { createBackend, problem } from '../../../test/backend.ts';
import { MAYA, MAYA_DETAIL } from '../../../test/fixtures.ts';
import { SAM } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { UserView } from './UserPage.tsx';

const FULL: UserDetail = {
  ...MAYA_DETAIL,
  state: 'suspended',
  suspendedAt: '2026-11-20T10:00:00.000Z',
  suspensionReason: 'Chargeback fraud ring',
  sessions: [{ id: MAYA.id, startedAt: MAYA.createdAt, lastActivityAt: null, expiresAt: MAYA.createdAt, live: false, ip: '203.0.113.7', userAgent: 'Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36' }],
  subscriptions: [{ id: MAYA.id, tier: 'premium', status: 'past_due', createdAt: MAYA.createdAt, currentPeriodEnd: null, cancelAtPeriodEnd: false, canceledAt: null, trialEnd: null, grantedByHand: true }],
  payments: [{ id: MAYA.id, amountMinor: 2999, refundedMinor: 999, currency: 'USD', status: 'failed', failureCode: 'insufficient_funds', method: 'visa 4242', createdAt: MAYA.createdAt }],
  actions: [{ sequence: 41, at: MAYA.createdAt, action: 'users.suspend', outcome: 'success', actor: 'ada@acme.example', reason: 'Chargeback fraud ring' }],
};

test('shows everything known, and why somebody is suspended', async () => {
  const backend = createBackend();
  backend.on(users.endpoints.get, () => FULL);
  const onLoaded = jest.fn();
  render(backend, <UserView userId={MAYA.id} onLoaded={onLoaded} />);
  expect(await screen.findByRole('table', { name: 'Sessions' })).toHaveTextContent('Chrome on Windows');
  expect(screen.getByRole('table', { name: 'Subscriptions' })).toHaveTextContent('past due');
  expect(screen.getByRole('table', { name: 'Payments' })).toHaveTextContent('insufficient funds');
  expect(screen.getByRole('link', { name: 'users.suspend' })).toHaveAttribute('href', expect.stringContaining(`audit?targetId=${MAYA.id}&entry=41`));
  expect(screen.getByRole('button', { name: 'Reactivate maya@example.com' })).toBeInTheDocument();
  expect(screen.getAllByText(/Chargeback fraud ring/)).not.toHaveLength(0);
  expect(onLoaded).toHaveBeenCalledWith(FULL);
});

test('says so where there is nothing', async () => {
  const backend = createBackend();
  backend.on(users.endpoints.get, () => MAYA_DETAIL);
  render(backend, <UserView userId={MAYA.id} />);
  for (const sentence of ['Never signed in', 'No subscription: on the free tier', 'Never paid', 'No admin has acted on this user']) {
    expect(await screen.findByText(sentence)).toBeInTheDocument();
  }
});

test('payments are not part of a support role, and the page says whose they are', async () => {
  const backend = createBackend();
  backend.on(users.endpoints.get, () => ({ ...FULL, payments: null }));
  render(backend, <UserView userId={MAYA.id} />, { as: SAM });
  expect(await screen.findByText('Needs super admin or finance admin.')).toBeInTheDocument();
  expect(screen.queryByRole('table', { name: 'Payments' })).not.toBeInTheDocument();
});

test.each([404, 422])('an id that leads nowhere (%i) offers the search', async (status) => {
  const backend = createBackend();
  backend.on(users.endpoints.get, () => {
    throw problem(status, 'not_found', 'no');
  });
  render(backend, <UserView userId="nonsense" />);
  expect(await screen.findByText('There is no such user')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Search all users' })).toHaveAttribute('href', '/a/cloudtolocalllm-admincenter-app/users');
});
