// The project keys on the Configuration page: a secret is seen once, and who may not change them sees why.
import { screen, waitFor, within } from '@testing-library/react';
import { core } from '@admin-center/contracts/core';
import type { ProjectKeyRow } from '@admin-center/contracts/core-keys';
import { createBackend, type Backend } from '../../../test/backend.ts';
import { ADA, SAM } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { ProjectKeys } from './ProjectKeys.tsx';

const KEY: ProjectKeyRow = {
  id: 'abcdefghijkl', name: 'API servers', project: 'default', kind: 'server', environment: 'live', prefix: 'acp_live_abcdefghijkl', last4: '9f3c', state: 'active',
  createdAt: '2026-11-01T10:00:00.000Z', expiresAt: null, revokedAt: null, replacedBy: null, lastUsedAt: null,
};
const SECRET = 'acp_live_mnopqrstuvwx_0123456789abcdefghijklmnopqrstuv0badcafe';

let backend: Backend;
beforeEach(() => {
  backend = createBackend();
  backend.on(core.endpoints.keys, () => ({ items: [KEY, { ...KEY, id: 'bbbbbbbbbbbb', name: 'Old shop', state: 'revoked' as const, revokedAt: '2026-11-02T10:00:00.000Z' }] }));
});
const keyRow = async (index: number) => within((await within(await screen.findByRole('table', { name: 'Project keys' })).findAllByRole('row'))[index] as HTMLElement);

test('each with how it looks, but never whole', async () => {
  render(backend, <ProjectKeys />, { as: ADA });
  const row = await keyRow(1);
  expect(row.getByText('acp_live_abcdefghijkl_…9f3c')).toBeInTheDocument();
  expect(row.getAllByText('never')).toHaveLength(2);
});

test('a new one is made with a reason, and its secret shown until it is closed', async () => {
  backend.on(core.endpoints.createKey, () => ({ key: { ...KEY, id: 'mnopqrstuvwx' }, secret: SECRET, auditSequence: 5, message: 'The key is made.' }));
  const { user } = render(backend, <ProjectKeys />, { as: ADA });
  await user.click(await screen.findByRole('button', { name: 'New key' }));
  await user.click(screen.getByLabelText(/Used by/));
  await user.paste('Mobile app');
  await user.click(screen.getByLabelText('Client'));
  await user.click(screen.getByRole('button', { name: 'Make the key' }));
  expect(backend.requests.some(({ method }) => method === 'POST')).toBe(false);
  await user.click(screen.getByLabelText(/Reason/));
  await user.paste('The app asks for flags');
  await user.click(screen.getByRole('button', { name: 'Make the key' }));
  expect(await screen.findByLabelText('Project key')).toHaveTextContent(SECRET);
  expect(backend.requests.find(({ method }) => method === 'POST')).toMatchObject({ body: { name: 'Mobile app', kind: 'client', environment: 'live', reason: 'The app asks for flags' } });
  await user.click(screen.getByRole('button', { name: 'Done' }));
  await waitFor(() => expect(screen.queryByText(SECRET)).not.toBeInTheDocument());
});

test('a leaked one is rotated without overlap', async () => {
  backend.on(core.endpoints.rotateKey, () => ({ key: { ...KEY, id: 'mnopqrstuvwx' }, previous: { ...KEY, state: 'expired' as const }, secret: SECRET, auditSequence: 5, message: 'A new key.' }));
  const { user } = render(backend, <ProjectKeys />, { as: ADA });
  await user.click(await screen.findByRole('button', { name: 'Rotate API servers' }));
  const overlap = screen.getByLabelText(/Overlap/);
  await user.clear(overlap);
  await user.type(overlap, '0');
  await user.click(screen.getByLabelText(/Reason/));
  await user.paste('It was in a public log');
  await user.click(screen.getByRole('button', { name: 'Make the new key' }));
  expect(await screen.findByLabelText('Project key')).toHaveTextContent(SECRET);
  expect(backend.requests.find(({ method }) => method === 'POST')).toMatchObject({ params: { keyId: KEY.id }, body: { overlapHours: 0, reason: 'It was in a public log' } });
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
