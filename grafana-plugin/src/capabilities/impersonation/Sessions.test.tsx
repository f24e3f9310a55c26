// Sessions under way and their report: what is left, who may end or extend, what was refused.
import { screen, waitFor, within } from '@testing-library/react';
import { getDefaultTimeRange } from '@grafana/data';
import { impersonation } from '@admin-center/contracts/impersonation';
import { createBackend, type Backend } from '../../../test/backend.ts';
import { fill } from '../../../test/fill.ts';
import { PREVIEW, SESSION } from '../../../test/impersonation-fixtures.ts';
import { ADA, SAM, VIC } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { ActiveSessions } from './ActiveSessions.tsx';
import { ActionTable } from './ActionTable.tsx';
import { ConsentRules } from './ConsentRules.tsx';
import { SessionDrawer } from './SessionDrawer.tsx';
import { ImpersonationPanel } from '../../panels/impersonation-panel/ImpersonationPanel.tsx';

let backend: Backend;
beforeEach(() => {
  backend = createBackend();
  backend.on(impersonation.endpoints.active, () => ({ items: [SESSION] }));
});
const END = 'End now the session with maya@example.com';

test('each with what is left of it, by the clock of the server', async () => {
  render(backend, <ActiveSessions onOpen={jest.fn()} />);
  const row = within(await screen.findByRole('table', { name: 'Sessions under way' })).getAllByRole('row')[1] as HTMLElement;
  expect(within(row).getByRole('timer', { name: 'Time left of the session with maya@example.com' })).toHaveTextContent('21:00');
  expect(row).toHaveTextContent('ada@acme.example');
  expect(within(row).getByRole('button', { name: 'Report of the session with maya@example.com' })).toHaveTextContent('12, 2 refused');
});

test('ended after a confirmation with a reason, and gone', async () => {
  backend.on(impersonation.endpoints.end, () => {
    backend.on(impersonation.endpoints.active, () => ({ items: [] }));
    return { session: { ...SESSION, state: 'ended' as const, endedAt: SESSION.endsAt, endCause: 'ended_by_admin' as const, remainingSeconds: 0 }, auditSequence: 43, message: 'The session is over.' };
  });
  const { user } = render(backend, <ActiveSessions onOpen={jest.fn()} />, { as: SAM });
  await user.click(await screen.findByRole('button', { name: END }));
  const dialog = await screen.findByRole('dialog');
  await fill(user, within(dialog).getByLabelText(/Reason/), 'Looked long enough');
  await user.click(within(dialog).getByRole('button', { name: 'End the session' }));
  expect(await screen.findByText('Nobody is impersonated now')).toBeInTheDocument();
  expect(backend.requests.find(({ method }) => method === 'POST')).toMatchObject({ params: { sessionId: SESSION.id }, body: { reason: 'Looked long enough' } });
  expect(backend.toasts).toEqual(['The session is over.']);
});

test.each([
  ['the session of another admin', SAM, SESSION, 'Only the admin whose session it is can extend it.'],
  ['a session that was extended', ADA, { ...SESSION, admin: { id: null, email: ADA.user.email }, extended: true }, 'It was extended once already.'],
])('%s is not extended', async (_, as, session, why) => {
  backend.on(impersonation.endpoints.active, () => ({ items: [session] }));
  const { user } = render(backend, <ActiveSessions onOpen={jest.fn()} />, { as });
  const button = await screen.findByRole('button', { name: 'Extend the session with maya@example.com' });
  expect(button).toHaveAttribute('aria-disabled', 'true');
  await user.hover(button);
  expect(await screen.findByText(why)).toBeInTheDocument();
});

test('the report: why, from where, each request, and only the refused ones when asked', async () => {
  backend.on(impersonation.endpoints.get, () => ({ ...SESSION, state: 'revoked' as const, endedAt: '2026-11-22T12:00:00.000Z', endCause: 'admin_role_revoked' as const, banner: 'b' }));
  const request = { id: '1', at: '2026-11-22T11:52:00.000Z', method: 'GET', route: '/api/tunnels', status: 200, actionClass: null, blocked: false } as const;
  const refused = { ...request, id: '2', method: 'POST', route: '/api/account/password', status: 403, actionClass: 'password', blocked: true } as const;
  backend.on(impersonation.endpoints.report, ({ query }) => ({ items: query['blocked'] === 'true' ? [refused] : [request, refused], nextCursor: null }));
  const { user } = render(backend, <SessionDrawer sessionId={SESSION.id} onClose={jest.fn()} />);
  const facts = await screen.findByLabelText('The session');
  expect(facts).toHaveTextContent('Support request: Cannot see her tunnels');
  expect(facts).toHaveTextContent('the admin lost the role');
  expect(screen.getByRole('link', { name: 'Errors by user' })).toHaveAttribute('href', '/d/errors?viewPanel=4');
  const table = await screen.findByRole('table', { name: 'Requests' });
  expect(within(table).getByText('POST /api/account/password')).toBeInTheDocument();
  expect(within(table).getByText('refused: password')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: END })).not.toBeInTheDocument();
  await user.click(screen.getByRole('radio', { name: 'Refused' }));
  await waitFor(() => expect(within(screen.getByRole('table', { name: 'Requests' })).queryByText('GET /api/tunnels')).not.toBeInTheDocument());
});

test('the rules say what is refused, and what looking and changing allows', async () => {
  backend.on(impersonation.endpoints.actions, () => ({
    items: [
      { actionClass: 'mfa' as const, title: 'Second factors', methods: ['*'], path: '/api/account/mfa/**', decision: 'refused' as const },
      { actionClass: null, title: 'Rename a tunnel', methods: ['PATCH'], path: '/api/tunnels/:id', decision: 'allowed_with_write' as const },
    ],
  }));
  render(backend, <ActionTable />);
  const [, refused, allowed] = within(await screen.findByRole('table', { name: 'Rules of a session' })).getAllByRole('row');
  expect(refused).toHaveTextContent(/refused.*Second factors.*MFA.*any \/api\/account\/mfa/);
  expect(allowed).toHaveTextContent(/with look and change.*Rename a tunnel/);
});

describe('the panel', () => {
  const panel = (user: string) => <ImpersonationPanel options={{ showRequest: true, user }} width={900} height={400} title="Support" timeRange={getDefaultTimeRange()} replaceVariables={(text) => text.replace('${user}', SESSION.user.id)} />;

  test('shows the same sessions, and asks with its dashboard as the reason', async () => {
    backend.on(impersonation.endpoints.preview, () => PREVIEW);
    const { user } = render(backend, panel('${user}'), { as: SAM });
    expect(await screen.findByRole('button', { name: END })).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Impersonate a user' }));
    expect(await screen.findByText('From Support')).toBeInTheDocument();
    expect(backend.requests.find(({ url }) => url.includes('/preview'))?.query['userId']).toBe(SESSION.user.id);
  });

  test('says so to those without a role, and asks for nothing', async () => {
    render(backend, panel(''), { as: VIC });
    expect(await screen.findByText('Not part of your role')).toBeInTheDocument();
    expect(backend.requests.some(({ url }) => url.includes('/impersonation/'))).toBe(false);
  });
});

test('a super admin says which tiers are asked first; support sees it', async () => {
  const rule = { tier: 'premium', needed: false, changedAt: null, changedBy: null } as const;
  backend.on(impersonation.endpoints.consentRules, () => ({ items: [rule] }));
  backend.on(impersonation.endpoints.setConsentRule, () => {
    backend.on(impersonation.endpoints.consentRules, () => ({ items: [{ ...rule, needed: true, changedAt: '2026-11-22T12:00:00.000Z', changedBy: 'ada@acme.example' }] }));
    return { rule: { ...rule, needed: true }, auditSequence: 44, message: 'Users of the tier premium are asked first.' };
  });
  const { user, unmount } = render(backend, <ConsentRules />, { as: ADA });
  await user.click(await screen.findByRole('button', { name: 'Ask first users of the tier premium' }));
  const dialog = await screen.findByRole('dialog');
  await fill(user, within(dialog).getByLabelText(/Reason/), 'Our terms promise it');
  await user.click(within(dialog).getByRole('button', { name: 'Ask first' }));
  expect(await screen.findByText('the user is asked')).toBeInTheDocument();
  expect(backend.requests.find(({ method }) => method === 'POST')).toMatchObject({ params: { tier: 'premium' }, body: { needed: true, reason: 'Our terms promise it' } });
  unmount();
  render(backend, <ConsentRules />, { as: SAM });
  expect(await screen.findByRole('button', { name: 'Ask no longer users of the tier premium' })).toHaveAttribute('aria-disabled', 'true');
});
