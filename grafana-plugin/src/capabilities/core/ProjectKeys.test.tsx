// The project keys on the Configuration page: a secret is seen once, and who may not change them sees why.
import { screen, waitFor, within } from '@testing-library/react';
import { core } from '@admin-center/contracts/core';
import type { ProjectKeyRow } from '@admin-center/contracts/core-keys';
import { createBackend, type Backend } from '../../../test/backend.ts';
import { fill } from '../../../test/fill.ts';
import { ADA, SAM } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { NewKey, RotateKey } from './KeyForms.tsx';
import { KeySecret } from './KeySecret.tsx';
import { ProjectKeys } from './ProjectKeys.tsx';

const KEY: ProjectKeyRow = {
  id: 'abcdefghijkl', name: 'API servers', project: 'default', kind: 'server', environment: 'live', prefix: 'acp_live_abcdefghijkl', last4: '9f3c', state: 'active',
  createdAt: '2026-11-01T10:00:00.000Z', expiresAt: null, revokedAt: null, replacedBy: null, lastUsedAt: null,
};
const SECRET = 'acp_live_mnopqrstuvwx_0123456789abcdefghijklmnopqrstuv0badcafe';

/** A drawer with a form takes jsdom a while on a busy machine. */
const FORM_MS = 60_000;

let backend: Backend;
beforeEach(() => {
  backend = createBackend();
  backend.on(core.endpoints.keys, () => ({ items: [KEY, { ...KEY, id: 'bbbbbbbbbbbb', name: 'Old shop', state: 'revoked' as const, revokedAt: '2026-11-02T10:00:00.000Z' }] }));
});
const sent = () => backend.requests.filter(({ method }) => method === 'POST');
const keyRow = async (index: number) => within((await within(await screen.findByRole('table', { name: 'Project keys' })).findAllByRole('row'))[index] as HTMLElement);

test('each with how it looks, but never whole', async () => {
  render(backend, <ProjectKeys />, { as: ADA });
  const row = await keyRow(1);
  expect(row.getByText('acp_live_abcdefghijkl_…9f3c')).toBeInTheDocument();
  expect(row.getAllByText('never')).toHaveLength(2);
});

test('a new one is made with a reason, and handed on to be shown', async () => {
  backend.on(core.endpoints.createKey, () => ({ key: { ...KEY, id: 'mnopqrstuvwx' }, secret: SECRET, auditSequence: 5, message: 'The key is made.' }));
  const onMade = jest.fn();
  const { user } = render(backend, <NewKey onMade={onMade} onClose={jest.fn()} />, { as: ADA });
  const make = (await screen.findByText('Create the key')).closest('button') as HTMLButtonElement;
  await fill(user, screen.getByLabelText(/Used by/), 'Mobile app');
  await user.click(screen.getByLabelText('Client'));
  await user.click(make);
  expect(sent()).toEqual([]);
  await fill(user, screen.getByLabelText(/Reason/), 'The app asks for flags');
  await user.click(make);
  await waitFor(() => expect(onMade).toHaveBeenCalledWith(expect.objectContaining({ secret: SECRET })));
  expect(sent()).toMatchObject([{ body: { name: 'Mobile app', kind: 'client', environment: 'live', reason: 'The app asks for flags' } }]);
}, FORM_MS);

test('a leaked one is rotated without overlap', async () => {
  backend.on(core.endpoints.rotateKey, () => ({ key: { ...KEY, id: 'mnopqrstuvwx' }, previous: { ...KEY, state: 'expired' as const }, secret: SECRET, auditSequence: 5, message: 'A new key.' }));
  const onMade = jest.fn();
  const { user } = render(backend, <RotateKey keyRow={KEY} onMade={onMade} onClose={jest.fn()} />, { as: ADA });
  await fill(user, await screen.findByLabelText(/Overlap/), '0');
  await fill(user, screen.getByLabelText(/Reason/), 'It was in a public log');
  await user.click(screen.getByText('Create the new key'));
  await waitFor(() => expect(onMade).toHaveBeenCalledWith(expect.objectContaining({ secret: SECRET })));
  expect(sent()).toMatchObject([{ params: { keyId: KEY.id }, body: { overlapHours: 0, reason: 'It was in a public log' } }]);
}, FORM_MS);

test('the secret is shown with what to do with it', () => {
  render(backend, <KeySecret made={{ key: KEY, secret: SECRET }} onClose={jest.fn()} />, { as: ADA });
  expect(screen.getByLabelText('Project key')).toHaveTextContent(SECRET);
  expect(screen.getByText(/app\.use\(center\.middleware\(\)\)/)).toBeInTheDocument();
});

test('what is over is neither rotated nor revoked', async () => {
  render(backend, <ProjectKeys />, { as: ADA });
  const old = await keyRow(2);
  expect(old.getByRole('button', { name: 'Rotate Old shop' })).toHaveAttribute('aria-disabled', 'true');
  expect(old.getByRole('button', { name: 'Revoke Old shop' })).toHaveAttribute('aria-disabled', 'true');
});

test('a support admin changes none', async () => {
  render(backend, <ProjectKeys />, { as: SAM });
  expect(await screen.findByRole('button', { name: 'New key' })).toHaveAttribute('aria-disabled', 'true');
  expect(await screen.findByRole('button', { name: 'Revoke API servers' })).toHaveAttribute('aria-disabled', 'true');
});
