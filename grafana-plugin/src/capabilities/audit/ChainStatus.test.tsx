// The chain's banner: intact, broken, not verified yet; who may verify and acknowledge.
import { screen, waitFor, within } from '@testing-library/react';
import { audit, type ChainStatus as Chain } from '@admin-center/contracts/audit';
import { createBackend, problem } from '../../../test/backend.ts';
import { fill } from '../../../test/fill.ts';
import { INTACT } from '../../../test/fixtures.ts';
import { SAM } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { ChainStatus } from './ChainStatus.tsx';

const BROKEN: Chain = { ...INTACT, valid: false, acknowledged: false, problems: [{ sequence: 17, kind: 'edited', detail: 'Its hash does not match its content.' }] };

test('an intact chain says so, and can be verified again', async () => {
  const backend = createBackend();
  backend.on(audit.endpoints.chain, () => INTACT);
  backend.on(audit.endpoints.verify, () => ({ ...INTACT, checked: 42 }));
  const { user } = render(backend, <ChainStatus />);
  expect(await screen.findByText(/41 entries checked, newest is no. 41/)).toBeInTheDocument();
  await waitFor(() => expect(screen.getByRole('button', { name: 'Verify now' })).toHaveAttribute('aria-disabled', 'false'));
  await user.click(screen.getByRole('button', { name: 'Verify now' }));
  await waitFor(() => expect(backend.toasts).toEqual(['The chain is intact']));
  expect(backend.requests.find(({ method }) => method === 'POST')?.headers['Idempotency-Key']).toBeDefined();
});

test('a broken chain names what is wrong and is acknowledged with a reason', async () => {
  const backend = createBackend();
  backend.on(audit.endpoints.chain, () => BROKEN);
  backend.on(audit.endpoints.acknowledge, () => ({ ...BROKEN, acknowledged: true }));
  const { user } = render(backend, <ChainStatus />);
  expect(await screen.findByText(/at entry 17: Its hash does not match/)).toBeInTheDocument();
  await waitFor(() => expect(screen.getByRole('button', { name: 'Acknowledge…' })).toBeEnabled());
  await user.click(screen.getByRole('button', { name: 'Acknowledge…' }));
  const dialog = await screen.findByRole('dialog');
  await fill(user, within(dialog).getByLabelText(/Reason/), 'Restored from the backup of Sunday.');
  backend.on(audit.endpoints.chain, () => ({ ...BROKEN, acknowledged: true }));
  await user.click(within(dialog).getByRole('button', { name: 'Acknowledge' }));
  expect(await screen.findByText('The chain is broken; this was acknowledged')).toBeInTheDocument();
  expect(backend.requests.find(({ method }) => method === 'POST')?.body).toEqual({ reason: 'Restored from the backup of Sunday.' });
});

test('support may read but not verify', async () => {
  const backend = createBackend();
  backend.on(audit.endpoints.chain, () => INTACT);
  const { user } = render(backend, <ChainStatus />, { as: SAM });
  await user.click(await screen.findByRole('button', { name: 'Verify now' }));
  expect(backend.requests.some(({ method }) => method === 'POST')).toBe(false);
});

test('a chain nobody has verified yet makes no claim', async () => {
  const backend = createBackend();
  backend.on(audit.endpoints.chain, () => ({ ...INTACT, verifiedAt: null, checked: 0 }));
  render(backend, <ChainStatus />);
  expect(await screen.findByText(/Not verified yet; 41 entries so far/)).toBeInTheDocument();
  expect(screen.queryByText('Intact.')).not.toBeInTheDocument();
});

test('a verification that fails says so', async () => {
  const backend = createBackend();
  backend.on(audit.endpoints.chain, () => INTACT);
  backend.on(audit.endpoints.verify, () => {
    throw problem(429, 'limited', 'Once a minute is enough.');
  });
  const { user } = render(backend, <ChainStatus />);
  await waitFor(() => expect(screen.getByRole('button', { name: 'Verify now' })).toHaveAttribute('aria-disabled', 'false'));
  await user.click(screen.getByRole('button', { name: 'Verify now' }));
  await waitFor(() => expect(backend.toasts).toEqual(['The chain was not verified']));
});
