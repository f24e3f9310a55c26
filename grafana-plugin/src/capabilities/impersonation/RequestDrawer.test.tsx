// Asking for a session: what it touches first, nothing incomplete is sent, the code is shown once.
import { screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { audit } from '@admin-center/contracts/audit';
import { impersonation } from '@admin-center/contracts/impersonation';
import { createBackend, problem, type Backend } from '../../../test/backend.ts';
import { fill } from '../../../test/fill.ts';
import { MAYA } from '../../../test/fixtures.ts';
import { PREVIEW, SESSION } from '../../../test/impersonation-fixtures.ts';
import { FIN, SAM } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { ImpersonateButton } from './ImpersonateButton.tsx';
import { RequestDrawer } from './RequestDrawer.tsx';

const REASON = 'Cannot see her tunnels, see the ticket';
const CONTEXT = { url: '/d/errors?viewPanel=4', title: 'Errors by user', from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T11:00:00.000Z' };
const GRANTED = {
  session: { ...SESSION, state: 'requested' as const, startedAt: null, remainingSeconds: 600 },
  auditSequence: 42,
  message: 'Granted.',
  code: 'one-time-4711',
  codeExpiresAt: '2026-11-22T12:01:00.000Z',
  handOffUrl: 'https://host.example/impersonate?code=one-time-4711',
};
let backend: Backend;
beforeEach(() => {
  backend = createBackend();
  backend.on(impersonation.endpoints.preview, () => PREVIEW);
  backend.on(impersonation.endpoints.request, () => GRANTED);
});

const writes = () => backend.requests.filter(({ method }) => method === 'POST');
const submit = () => screen.getByRole('button', { name: 'Ask for the session' });

async function fillIn(user: UserEvent) {
  await user.click(screen.getByRole('combobox', { name: 'What it is about' }));
  // Its options are drawn by their measured heights, which jsdom has none of; the keyboard chooses all the same: the second.
  await user.keyboard('{ArrowDown}{Enter}');
  await fill(user, screen.getByLabelText(/^Reason/), REASON);
}

test('what is touched, the panel it came from, one write with both, and the code', async () => {
  const { user } = render(backend, <RequestDrawer linked={{ userId: MAYA.id, context: CONTEXT }} onClose={jest.fn()} />, { as: SAM });
  expect(await screen.findByText('1 user (1 premium)')).toBeInTheDocument();
  expect(screen.getByText('From Errors by user')).toBeInTheDocument();
  await fillIn(user);
  await user.click(submit());
  expect(await screen.findByLabelText('One-time code')).toHaveTextContent('one-time-4711');
  expect(writes()).toHaveLength(1);
  expect(writes()[0]?.body).toMatchObject({ userId: MAYA.id, reason: REASON, reasonClass: 'bug_investigation', context: CONTEXT, scope: 'read', minutes: 30, previewToken: 'token-1' });
  expect(screen.getByRole('link', { name: 'Open the session' })).toHaveAttribute('href', GRANTED.handOffUrl);
  expect(screen.getByRole('timer', { name: 'Time left to use the code' })).toHaveTextContent('10:00');
});

test('what is missing is said, and nothing is sent', async () => {
  const { user } = render(backend, <RequestDrawer linked={{ userId: MAYA.id }} onClose={jest.fn()} />);
  await screen.findByText('1 user (1 premium)');
  await fill(user, screen.getByLabelText(/^Reason/), 'spam');
  expect(await screen.findByText('Say why in at least 10 characters.')).toBeInTheDocument();
  await user.click(submit());
  expect(await screen.findByText('Choose what it is about.')).toBeInTheDocument();
  expect(writes()).toHaveLength(0);
});

test('a user who may not be impersonated stops the form before it is sent', async () => {
  backend.on(impersonation.endpoints.preview, () => ({ ...PREVIEW, refusal: { code: 'target_is_admin', message: 'Maya holds an admin role.' } }));
  render(backend, <RequestDrawer linked={{ userId: MAYA.id }} onClose={jest.fn()} />);
  expect(await screen.findByText('Maya holds an admin role.')).toBeInTheDocument();
  expect(submit()).toBeDisabled();
});

test('a user who changed since is looked at again', async () => {
  let token = 'token-1';
  backend.on(impersonation.endpoints.preview, () => ({ ...PREVIEW, token }));
  backend.on(impersonation.endpoints.request, ({ body }) => {
    if ((body as { previewToken: string }).previewToken !== 'token-2') {
      token = 'token-2';
      throw problem(409, 'stale_preview', 'Maya was upgraded since.');
    }
    return GRANTED;
  });
  const { user } = render(backend, <RequestDrawer linked={{ userId: MAYA.id }} onClose={jest.fn()} />);
  await screen.findByText('1 user (1 premium)');
  await fillIn(user);
  await user.click(submit());
  expect(await screen.findByText('Maya was upgraded since.')).toBeInTheDocument();
  await waitFor(() => expect(submit()).toBeEnabled());
  await user.click(submit());
  expect(await screen.findByLabelText('One-time code')).toBeInTheDocument();
});

test('where another admin has to approve, that is asked for instead', async () => {
  backend.on(impersonation.endpoints.preview, () => ({ ...PREVIEW, approval: 'needed' as const }));
  backend.on(audit.endpoints.approvals, () => ({ items: [], nextCursor: null }));
  backend.on(audit.endpoints.askApproval, () => {
    throw problem(409, 'approval_waiting', 'Somebody asked for it already.');
  });
  backend.on(impersonation.endpoints.request, () => {
    throw problem(409, 'approval_needed', 'Another admin has to approve it.', { ticket: 'sealed' });
  });
  const { user } = render(backend, <RequestDrawer linked={{ userId: MAYA.id }} onClose={jest.fn()} />);
  const ask = await screen.findByRole('button', { name: 'Ask for approval' });
  await fillIn(user);
  await user.click(ask);
  await waitFor(() => expect(writes().map(({ url }) => url)).toEqual([expect.stringContaining('/impersonation/sessions'), expect.stringContaining('/audit/approvals')]));
  expect(writes()[1]?.body).toEqual({ ticket: 'sealed', reason: REASON });
  expect(await screen.findByText('Somebody asked for it already.')).toBeInTheDocument();
});

describe('the button beside a user', () => {
  test('opens the request for that user', async () => {
    const { user } = render(backend, <ImpersonateButton user={MAYA} />, { as: SAM });
    const button = () => screen.getByRole('button', { name: `Impersonate ${MAYA.email}` });
    await waitFor(() => expect(button()).toHaveAttribute('aria-disabled', 'false'));
    await user.click(button());
    expect(await within(await screen.findByRole('dialog')).findByText('1 user (1 premium)')).toBeInTheDocument();
  });

  test.each([
    ['finance may not', { ...MAYA }, FIN, 'Needs the role super admin or support admin'],
    ['a suspended user cannot', { ...MAYA, state: 'suspended' as const }, SAM, 'A suspended user cannot be impersonated.'],
    ['an admin never is', { ...MAYA, isAdmin: true }, SAM, 'Whoever holds an admin role is never impersonated.'],
  ])('%s, and is told why', async (_, target, as, why) => {
    const { user } = render(backend, <ImpersonateButton user={target} />, { as });
    const button = () => screen.getByRole('button', { name: `Impersonate ${MAYA.email}` });
    await waitFor(() => expect(backend.requests).not.toHaveLength(0));
    await user.hover(button());
    expect(await screen.findByText(why)).toBeInTheDocument();
    await user.click(button());
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });
});
