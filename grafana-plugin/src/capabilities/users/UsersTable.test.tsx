// The list of users in all its states, and what it asks the API for.
import { useState } from 'react';
import { screen, waitFor, within } from '@testing-library/react';
import { users } from '@admin-center/contracts/users';
import { createBackend, problem, Refusal, type Backend } from '../../../test/backend.ts';
import { KEN, MAYA, NOW } from '../../../test/fixtures.ts';
import { render } from '../../../test/render.tsx';
import { NO_FILTERS, type UserFilters } from './filters.ts';
import { UserFilterBar } from './UserFilterBar.tsx';
import { UsersTable } from './UsersTable.tsx';

let backend: Backend;
beforeEach(() => {
  backend = createBackend();
});

const clock = () => NOW;
function List({ start = NO_FILTERS }: { start?: UserFilters }) {
  const [filters, setFilters] = useState(start);
  return (
    <>
      <UserFilterBar filters={filters} onChange={setFilters} />
      <UsersTable filters={filters} onFilters={setFilters} pageSize={2} clock={clock} />
    </>
  );
}

const page = (items: Array<typeof MAYA>, nextCursor: string | null = null, total = items.length) => ({ items, nextCursor, total, totalIsExact: true });
const asked = () => backend.requests.filter(({ url }) => url.includes('/v1/users')).map(({ query }) => query);

test('loading, then rows with links, badges and money', async () => {
  backend.on(users.endpoints.list, () => page([MAYA, KEN]));
  render(backend, <List />);
  expect(screen.getByRole('status')).toHaveTextContent('Loading users');
  const table = await screen.findByRole('table', { name: 'Users' });
  const row = within(table).getByRole('row', { name: /maya@example.com/ });
  expect(within(row).getByRole('link', { name: 'Maya Okoro' })).toHaveAttribute('href', `/a/cloudtolocalllm-admincenter-app/users/${MAYA.id}`);
  expect(within(row).getByText('premium')).toBeInTheDocument();
  expect(within(row).getByText('$9.99')).toBeInTheDocument();
  expect(within(table).getByRole('row', { name: /ken@example.com/ })).toHaveTextContent('never');
  expect(screen.getByText('1–2 of 2 users')).toBeInTheDocument();
});

test('a name of nothing but blanks is none: the address is the link', async () => {
  backend.on(users.endpoints.list, () => page([{ ...MAYA, name: ' ' }]));
  render(backend, <List />);
  expect(await screen.findByRole('link', { name: MAYA.email })).toBeInTheDocument();
  expect(screen.getAllByText(MAYA.email)).toHaveLength(1);
});

test('searches as one types, once typing pauses', async () => {
  backend.on(users.endpoints.list, () => page([MAYA]));
  const { user } = render(backend, <List />);
  await screen.findByRole('table');
  await user.type(screen.getByLabelText('Search users'), 'maya');
  await waitFor(() => expect(asked()).toHaveLength(2));
  expect(asked()[1]).toMatchObject({ q: 'maya', sort: 'createdAt', order: 'desc', limit: '2' });
});

test('filters by relative dates become instants', async () => {
  backend.on(users.endpoints.list, () => page([MAYA]));
  render(backend, <List start={{ ...NO_FILTERS, created: '7d', seen: 'idle30d', state: 'active', tier: 'premium' }} />);
  await screen.findByRole('table');
  expect(asked()[0]).toEqual({ createdFrom: '2026-11-15T12:00:00.000Z', seenTo: '2026-10-23T12:00:00.000Z', state: 'active', tier: 'premium', sort: 'createdAt', order: 'desc', limit: '2' });
});

test('sorting asks the server and is announced on the header', async () => {
  backend.on(users.endpoints.list, () => page([MAYA]));
  const { user } = render(backend, <List />);
  await screen.findByRole('table');
  expect(screen.getByRole('columnheader', { name: /Signed up/ })).toHaveAttribute('aria-sort', 'descending');
  await user.click(screen.getByRole('button', { name: 'Last seen' }));
  await waitFor(() => expect(asked()[1]).toMatchObject({ sort: 'lastSeenAt', order: 'desc' }));
  expect(screen.getByRole('columnheader', { name: /Last seen/ })).toHaveAttribute('aria-sort', 'descending');
});

test('pages go forward by the cursor and back the way they came; a filter starts again', async () => {
  backend.on(users.endpoints.list, ({ query }) => (query.cursor ? page([KEN], null, 3) : page([MAYA], 'cursor-2', 3)));
  const { user } = render(backend, <List />);
  await screen.findByText('Maya Okoro');
  expect(screen.getByRole('button', { name: 'Previous' })).toBeDisabled();
  await user.click(screen.getByRole('button', { name: 'Next' }));
  expect(await screen.findByText('3 of 3 users')).toBeInTheDocument();
  expect(asked()[1]).toMatchObject({ cursor: 'cursor-2' });
  expect(screen.getByRole('button', { name: 'Next' })).toBeDisabled();
  await user.click(screen.getByRole('button', { name: 'Previous' }));
  expect(await screen.findByText('1 of 3 users')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Next' }));
  await screen.findByText('3 of 3 users');
  await user.type(screen.getByLabelText('Search users'), 'x');
  await waitFor(() => expect(asked()[asked().length - 1]).toMatchObject({ q: 'x' }));
  expect(asked()[asked().length - 1]).not.toHaveProperty('cursor');
});

test('nobody fits: says so and offers to clear the filters', async () => {
  backend.on(users.endpoints.list, ({ query }) => page(query.state ? [] : [MAYA]));
  const { user } = render(backend, <List start={{ ...NO_FILTERS, state: 'deleted' }} />);
  expect(await screen.findByText('No user fits')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Clear the filters' }));
  expect(await screen.findByText('Maya Okoro')).toBeInTheDocument();
});

test('no users at all is another message', async () => {
  backend.on(users.endpoints.list, () => page([]));
  render(backend, <List />);
  expect(await screen.findByText('No users yet')).toBeInTheDocument();
});

test('a failure says what failed, with the request to ask about, and can be retried', async () => {
  backend.on(users.endpoints.list, () => {
    throw problem(500, 'internal', 'The database did not answer in time.');
  });
  const { user } = render(backend, <List />);
  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('Could not load users');
  expect(alert).toHaveTextContent('The database did not answer in time. (request req-7)');
  backend.on(users.endpoints.list, () => page([MAYA]));
  await user.click(within(alert).getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Maya Okoro')).toBeInTheDocument();
});

test('a refusal by Grafana is a denial, without an empty promise to try again', async () => {
  backend.on(users.endpoints.list, () => {
    throw new Refusal(403, { message: 'plugin proxy route access denied' });
  });
  render(backend, <List />);
  expect(await screen.findByText('You may not see users')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Try again' })).not.toBeInTheDocument();
});

test('the arrow keys move between the same control of neighbouring rows', async () => {
  backend.on(users.endpoints.list, () => page([MAYA, KEN]));
  const { user } = render(backend, <List />);
  (await screen.findByRole('link', { name: 'Maya Okoro' })).focus();
  await user.keyboard('{ArrowDown}');
  expect(screen.getByRole('link', { name: 'ken@example.com' })).toHaveFocus();
  await user.keyboard('{ArrowUp}');
  expect(screen.getByRole('link', { name: 'Maya Okoro' })).toHaveFocus();
});
