// The users behind a number: listed and paged, exported whole, and every state besides.
import { screen, waitFor } from '@testing-library/react';
import { z } from 'zod';
import { page, pageOf, personRow, type PersonRow } from '@admin-center/contracts/fields';
import { createBackend, problem, type Backend } from '../../test/backend.ts';
import { MAYA } from '../../test/fixtures.ts';
import { VIC } from '../../test/people.ts';
import { render } from '../../test/render.tsx';
import { download } from './download.ts';
import { UsersBehind } from './UsersBehind.tsx';

jest.mock('./download.ts');

const ENDPOINT = { method: 'GET', path: '/api/v1/engagement/users', permission: 'engagement:read', summary: 'Users.', query: z.object({ day: z.string(), ...page }), response: pageOf(personRow) } as const;
const PERSON: PersonRow = { id: MAYA.id, email: '=maya@example.com', tier: 'premium', lastSeenAt: '2026-11-22T11:00:00.000Z' };
const GONE: PersonRow = { id: '22222222-2222-4222-8222-222222222222', email: null, tier: 'free', lastSeenAt: null };

let backend: Backend;
beforeEach(() => {
  backend = createBackend();
  jest.mocked(download).mockClear();
});
const show = (options = {}) => render(backend, <UsersBehind endpoint={ENDPOINT} query={{ day: '2026-11-02' }} title="Active on 2 November" definition="UTC day." onClose={jest.fn()} />, options);

test('lists them with links, goes on by cursor, and saves all pages with formulas disarmed', async () => {
  backend.on(ENDPOINT, ({ query }) => (query.cursor === 'second' ? { items: [GONE], nextCursor: null } : { items: [PERSON], nextCursor: 'second' }));
  const { user } = show();
  expect(await screen.findByRole('link', { name: '=maya@example.com' })).toHaveAttribute('href', expect.stringContaining(`/users/${MAYA.id}`));
  expect(screen.getByText('UTC day.')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Next' }));
  expect(await screen.findByText('no longer known')).toBeInTheDocument();
  expect(screen.getByText('never')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Export CSV' }));
  await waitFor(() => expect(download).toHaveBeenCalledTimes(1));
  expect(jest.mocked(download).mock.calls[0]).toEqual([
    expect.stringMatching(/^active-on-2-november-\d{4}-\d\d-\d\d\.csv$/),
    `"id","email","tier","last_seen_at"\r\n"${MAYA.id}","'=maya@example.com","premium","2026-11-22T11:00:00.000Z"\r\n"${GONE.id}","","free",""\r\n`,
    'text/csv',
  ]);
  expect(backend.requests.filter(({ query }) => query.day === '2026-11-02').map(({ query }) => [query.limit, query.cursor])).toEqual([['25', undefined], ['25', 'second'], ['100', undefined], ['100', 'second']]);
});

test('a file that would be too long is cut, and says so', async () => {
  const full = Array.from({ length: 100 }, () => PERSON);
  backend.on(ENDPOINT, ({ query }) => ({ items: query.limit === '25' ? [PERSON] : full, nextCursor: 'more' }));
  const { user } = show();
  await user.click(await screen.findByRole('button', { name: 'Export CSV' }));
  expect(await screen.findByText('The file holds the first 5,000 users.')).toBeInTheDocument();
});

test('nobody, failed and denied are said', async () => {
  backend.on(ENDPOINT, () => ({ items: [], nextCursor: null }));
  const empty = show();
  expect(await screen.findByText('Nobody')).toBeInTheDocument();
  empty.unmount();

  backend.on(ENDPOINT, () => {
    throw problem(500, 'internal', 'It broke.');
  });
  const failed = show();
  expect(await screen.findByText('Could not load the users')).toBeInTheDocument();
  failed.unmount();

  show({ as: VIC });
  expect(await screen.findByText('The users behind this number is not part of your role')).toBeInTheDocument();
});
