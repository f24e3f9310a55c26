// The users table as a dashboard panel: its presets and its states.
import { screen } from '@testing-library/react';
import { FieldType, LoadingState, getDefaultTimeRange, toDataFrame, type PanelProps } from '@grafana/data';
import { users } from '@admin-center/contracts/users';
import { createBackend, Refusal } from '../../../test/backend.ts';
import { MAYA } from '../../../test/fixtures.ts';
import { VIC } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { UsersPanel, type UsersPanelOptions } from './UsersPanel.tsx';

const OPTIONS: UsersPanelOptions = { showFilters: false, tier: 'premium', state: 'active', sort: 'email', pageSize: 5 };

/** Only what the panel reads of Grafana's many props. */
function panel(options: UsersPanelOptions) {
  const props: Pick<PanelProps<UsersPanelOptions>, 'options' | 'width' | 'height' | 'data'> = {
    options,
    width: 800,
    height: 400,
    data: { state: LoadingState.Done, timeRange: getDefaultTimeRange(), series: [toDataFrame({ fields: [{ name: 'x', type: FieldType.number, values: [] }] })] },
  };
  return <UsersPanel {...(props as PanelProps<UsersPanelOptions>)} />;
}

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

test('a reader without a role is told so in the panel', async () => {
  render(createBackend(), panel(OPTIONS), { as: VIC });
  expect(await screen.findByText('Not part of your role')).toBeInTheDocument();
});

test('an API that does not answer is said in the panel', async () => {
  render(createBackend(), panel(OPTIONS), {
    as: () => {
      throw new Refusal(502);
    },
  });
  expect(await screen.findByText('Could not load your permissions')).toBeInTheDocument();
});
