// The list of flags in all its states, its filters, and what its switches do.
import { useState } from 'react';
import { screen, waitFor, within } from '@testing-library/react';
import { flags, type FlagSummary } from '@admin-center/contracts/flags';
import { createBackend, problem, type Backend } from '../../../test/backend.ts';
import { fill } from '../../../test/fill.ts';
import { DETAIL, PREVIEW, SUMMARY } from '../../../test/flag-fixtures.ts';
import { ADA, SAM } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { NO_FILTERS, type FlagFilters } from './filters.ts';
import { FlagsTable } from './FlagsTable.tsx';

const KILLED: FlagSummary = { ...SUMMARY, key: 'checkout-copy', name: 'Checkout copy', state: 'killed', lifecycle: 'killed', percentage: null, evaluations24h: 0, lastEvaluatedAt: null };
const COUNTS = { new: 0, live: 1, stale: 0, killed: 1, archived: 2 };
const { list, preview, setState } = flags.endpoints;

let backend: Backend;
beforeEach(() => {
  backend = createBackend();
  backend.on(list, () => ({ items: [SUMMARY, KILLED], nextCursor: null, lifecycles: COUNTS }));
  backend.on(preview, () => PREVIEW);
});

function List({ start = NO_FILTERS }: { start?: FlagFilters }) {
  const [filters, setFilters] = useState(start);
  return <FlagsTable filters={filters} onFilters={setFilters} pageSize={20} />;
}

const asked = () => backend.requests.filter(({ method, url }) => method === 'GET' && url.includes('/v1/flags')).map(({ query }) => query);
const writes = () => backend.requests.filter(({ url }) => url.endsWith('/state'));
const switchOf = (name: string) => screen.findByRole('switch', { name });

test('rows with link, switch, rollout, stage of life and the button to kill', async () => {
  render(backend, <List />);
  expect(screen.getByRole('status')).toHaveTextContent('Loading flags');
  const row = await screen.findByRole('row', { name: /faster-upload/ });
  expect(within(row).getByRole('link', { name: 'Faster upload' })).toHaveAttribute('href', '/a/cloudtolocalllm-admincenter-app/flags/faster-upload');
  expect(within(row).getByRole('img', { name: 'Rollout of faster-upload: 10%' })).toBeInTheDocument();
  expect(within(row).getByText('12,345')).toBeInTheDocument();
  expect(within(row).getByText('live')).toBeInTheDocument();
  expect(within(row).getByRole('button', { name: 'Kill faster-upload' })).toBeInTheDocument();
  const other = screen.getByRole('row', { name: /checkout-copy/ });
  expect(other).toHaveTextContent('by rules');
  expect(other).toHaveTextContent('never');
  expect(within(other).getByRole('button', { name: 'Archive checkout-copy' })).toBeInTheDocument();
});

test('the stages of life are counted and narrow the list', async () => {
  const { user } = render(backend, <List />);
  await user.click(await screen.findByRole('radio', { name: 'archived 2' }));
  await waitFor(() => expect(asked().pop()).toMatchObject({ lifecycle: 'archived' }));
});

test('turning off: who goes from which variant to which, a reason, and one write from the version that was shown', async () => {
  backend.on(setState, () => ({ flag: { ...DETAIL, state: 'off' as const, version: 4 }, auditSequence: 7, message: 'Faster upload is off.' }));
  const { user } = render(backend, <List />, { as: ADA });
  await waitFor(async () => expect(await switchOf('faster-upload is on')).toBeEnabled());
  await user.click(await switchOf('faster-upload is on'));
  const dialog = await screen.findByRole('dialog');
  expect(await within(dialog).findByText('150 users: off → on')).toBeInTheDocument();
  expect(backend.requests.find(({ url }) => url.endsWith('/preview'))?.body).toEqual({ change: { kind: 'state', state: 'off' } });
  await fill(user, within(dialog).getByLabelText(/Reason/), 'Uploads fail in Safari');
  await user.click(within(dialog).getByRole('button', { name: 'Turn off flag' }));
  await waitFor(() => expect(writes()).toHaveLength(1));
  expect(writes()[0]).toMatchObject({ params: { key: 'faster-upload' }, body: { state: 'off', version: 3, previewToken: 'token-1', reason: 'Uploads fail in Safari' } });
  expect(backend.toasts).toEqual(['Faster upload is off.']);
});

test('a flag that somebody else changed meanwhile is asked about again, and written from its newer version', async () => {
  backend.on(setState, ({ body }) => {
    if ((body as { version: number }).version === 3) {
      throw problem(409, 'version_stale', 'Fin saved version 4 a moment ago.', { current: { ...DETAIL, version: 4 } });
    }
    return { flag: { ...DETAIL, state: 'killed' as const, version: 5 }, auditSequence: 7, message: 'Faster upload is killed.' };
  });
  const { user } = render(backend, <List />, { as: ADA });
  const kill = await screen.findByRole('button', { name: 'Kill faster-upload' });
  await waitFor(() => expect(kill).toHaveAttribute('aria-disabled', 'false'));
  await user.click(kill);
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findByText('150 users: off → on');
  await fill(user, within(dialog).getByLabelText(/Reason/), 'Uploads fail in Safari');
  await user.click(within(dialog).getByRole('button', { name: 'Kill flag' }));
  expect(await within(dialog).findByText('Fin saved version 4 a moment ago.')).toBeInTheDocument();
  await within(dialog).findByText('150 users: off → on');
  await user.click(within(dialog).getByRole('button', { name: 'Kill flag' }));
  await waitFor(() => expect(backend.toasts).toEqual(['Faster upload is killed.']));
  expect(writes().map(({ body }) => (body as { version: number }).version)).toEqual([3, 4]);
});

test('support may look but not switch, and is told who may', async () => {
  const { user } = render(backend, <List />, { as: SAM });
  expect(await switchOf('faster-upload is on')).toBeDisabled();
  await user.hover(screen.getByRole('button', { name: 'Kill faster-upload' }));
  expect(await screen.findByText('Needs the role super admin')).toBeInTheDocument();
});

test('nothing fits: says so and offers to clear the filters; no flags at all is another message', async () => {
  backend.on(list, ({ query }) => ({ items: query.q ? [] : [SUMMARY], nextCursor: null, lifecycles: COUNTS }));
  const { user } = render(backend, <List start={{ ...NO_FILTERS, q: 'nothing' }} />);
  await user.click(await screen.findByRole('button', { name: 'Clear the filters' }));
  expect(await screen.findByRole('link', { name: 'Faster upload' })).toBeInTheDocument();
});

test('an empty list says what a flag is for', async () => {
  backend.on(list, () => ({ items: [], nextCursor: null, lifecycles: COUNTS }));
  render(backend, <List />);
  expect(await screen.findByText('No flags yet')).toBeInTheDocument();
});

test('a failure says what failed and can be retried', async () => {
  backend.on(list, () => {
    throw problem(500, 'internal', 'The database did not answer in time.');
  });
  const { user } = render(backend, <List />);
  expect(await screen.findByRole('alert')).toHaveTextContent('Could not load flags');
  backend.on(list, () => ({ items: [SUMMARY], nextCursor: null, lifecycles: COUNTS }));
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('link', { name: 'Faster upload' })).toBeInTheDocument();
});
