// The users table as a dashboard panel: its presets.
import { screen } from '@testing-library/react';
import { users } from '@admin-center/contracts/users';
import { createBackend } from '../../../test/backend.ts';
import { MAYA } from '../../../test/fixtures.ts';
import { panelProps } from '../../../test/panel-props.ts';
import { render } from '../../../test/render.tsx';
import { UsersPanel, type UsersPanelOptions } from './UsersPanel.tsx';

const OPTIONS: UsersPanelOptions = { showFilters: false, tier: 'premium', state: 'active', sort: 'email', pageSize: 5 };

const panel = (options: UsersPanelOptions) => <UsersPanel {...panelProps(options)} />;

test('lists what its options preset, with the action beside each user', async () => {
  const backend = createBackend();
  backend.on(users.endpoints.list, () => ({ items: [MAYA], nextCursor: null, total: 1, totalIsExact: true }));
  render(backend, panel(OPTIONS));
  expect(await screen.findByRole('link', { name: 'Maya Okoro' })).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Suspend maya@example.com' })).toBeInTheDocument();
  expect(backend.requests.find(({ url }) => url.includes('/v1/users'))?.query).toEqual({ tier: 'premium', state: 'active', sort: 'email', order: 'asc', limit: '5' });
  expect(screen.queryByLabelText('Search users')).not.toBeInTheDocument();
});

test('links to the same list in the app', async () => {
  const backend = createBackend();
  backend.on(users.endpoints.list, () => ({ items: [], nextCursor: null, total: 0, totalIsExact: true }));
  render(backend, panel({ ...OPTIONS, showFilters: true }));
  expect(await screen.findByRole('link', { name: /Open in the Admin Center/ })).toHaveAttribute('href', expect.stringContaining('/users?tier=premium&state=active&sort=email&order=asc'));
});
