// Engagement on the page: the grid by mouse and keyboard, what is counted said under it, files of what is shown, honest forms.
import { act, screen, waitFor, within } from '@testing-library/react';
import { engagement } from '@admin-center/contracts/engagement';
import { createBackend, problem, type Backend } from '../../../test/backend.ts';
import { ACTIVITY, DEFINED, FEATURE, LIFECYCLE, RETENTION, SESSIONS } from '../../../test/engagement-fixtures.ts';
import { fill } from '../../../test/fill.ts';
import { MAYA } from '../../../test/fixtures.ts';
import { ADA, SAM } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { download } from '../../platform/download.ts';
import { EngagementTabs } from './EngagementTabs.tsx';

jest.mock('../../platform/download.ts');

const { endpoints } = engagement;
const RANGE = { from: '2026-11-08T12:00:00.000Z', to: '2026-11-22T12:00:00.000Z', chosen: 'now-14d now' };
const PERSON = { id: MAYA.id, email: MAYA.email, tier: 'premium' as const, lastSeenAt: null };
const V1 = { version: 1, mode: 'all_except' as const, events: ['Heartbeat'], text: 'Anything tracked, except “Heartbeat”.', since: null, createdBy: 'system:installation', reason: 'What the product comes with.' };

let backend: Backend;
beforeEach(() => {
  backend = createBackend();
  backend.on(endpoints.retention, () => RETENTION);
  backend.on(endpoints.activity, () => ACTIVITY);
  backend.on(endpoints.lifecycle, () => LIFECYCLE);
  backend.on(endpoints.sessions, () => SESSIONS);
  backend.on(endpoints.features, () => ({ days: 30, from: '2026-10-23', to: '2026-11-21', items: [FEATURE] }));
  backend.on(endpoints.definitions, () => ({ items: [V1] }));
  jest.mocked(download).mockClear();
});
const open = (tab: string, as = ADA) => render(backend, <EngagementTabs range={RANGE} />, { at: `/?tab=${tab}`, as });
const asked = (path: string) => backend.requests.filter(({ url }) => url.includes(path));

describe('retention', () => {
  test('says its mode in the title, leaves blank what has not ended, and the definition stands under it', async () => {
    open('retention');
    expect(await screen.findByRole('heading', { name: 'Retention by week, bounded: active in the n-th week' })).toBeInTheDocument();
    expect(await screen.findByRole('button', { name: 'week of Nov 2, week 1: 20 of 40' })).toHaveTextContent('50%');
    expect(screen.getAllByLabelText('not over yet')).toHaveLength(3);
    const overall = screen.getByRole('row', { name: /All, weighted/ });
    expect(overall).toHaveTextContent('100100%35%25%');
    expect(screen.getByText(new RegExp(`version 2: ${DEFINED.text}`))).toHaveTextContent('Intervals are those of the calendar, in UTC.');
  });

  test('the arrow keys go through the cells, Enter opens the users behind one', async () => {
    backend.on(endpoints.retentionUsers, () => ({ items: [PERSON], nextCursor: null }));
    const { user } = open('retention');
    const first = await screen.findByRole('button', { name: 'week of Nov 2, week 0: 40 of 40' });
    act(() => first.focus());
    await user.keyboard('{ArrowRight}{ArrowDown}');
    expect(screen.getByRole('button', { name: 'week of Nov 9, week 1: 15 of 60' })).toHaveFocus();
    await user.keyboard('{Enter}');
    expect(await screen.findByRole('link', { name: MAYA.email })).toBeInTheDocument();
    expect(asked('/users/retention')[0]?.query).toEqual({ basis: 'calendar', interval: 'week', mode: 'bounded', cohort: '2026-11-09', n: '1', since: '2026-11-02', limit: '25' });
  });

  test('toggles ask anew; a pair of events says that it came from the stream', async () => {
    backend.on(endpoints.retention, ({ query }) => ({ ...RETENTION, mode: query.mode === 'unbounded' ? ('unbounded' as const) : ('bounded' as const), source: 'stream' as const }));
    const { user } = open('retention');
    await user.click(await screen.findByRole('radio', { name: 'On or after' }));
    expect(await screen.findByRole('heading', { name: 'Retention by week, unbounded: active in the n-th week or later' })).toBeInTheDocument();
    await user.click(screen.getByRole('radio', { name: 'Own 24 hours' }));
    expect(await screen.findByText(/counted from each user's own start/)).toHaveTextContent('This pair of events was computed now');
    expect(asked('/retention').at(-1)?.query).toMatchObject({ mode: 'unbounded', basis: 'own', cohorts: '12' });
  });

  test('what is shown becomes a file', async () => {
    const { user } = open('retention');
    await user.click(await screen.findByRole('button', { name: /Export Retention by week/ }));
    expect(jest.mocked(download).mock.calls[0]?.[1]).toContain('"2026-11-02","40","1","0.5","0.25",""');
  });

  test('nobody, and an API that fails, are said', async () => {
    backend.on(endpoints.retention, () => ({ ...RETENTION, cohorts: [], overall: [] }));
    const empty = open('retention');
    expect(await screen.findByText('Nobody began in these cohorts')).toBeInTheDocument();
    empty.unmount();
    backend.on(endpoints.retention, () => {
      throw problem(503, 'took_too_long', 'This pair of events takes too long to compute.');
    });
    open('retention');
    expect(await screen.findByText('Could not load retention')).toBeInTheDocument();
  });
});

test('activity by calendar day tells each day and opens its users', async () => {
  backend.on(endpoints.activeUsers, () => ({ items: [PERSON], nextCursor: null }));
  backend.on(endpoints.definitions, () => ({ items: [{ ...V1, version: 2, since: '2026-11-21T09:00:00.000Z' }, V1] }));
  const { user } = open('activity');
  expect(await screen.findByRole('img', { name: 'Definition, version 2' })).toBeInTheDocument();
  await user.click(await screen.findByRole('button', { name: 'Nov 21: Day (DAU) 7, 7 days (WAU) 21, 30 days (MAU) 61' }));
  expect(await screen.findByText('Active on Nov 21')).toBeInTheDocument();
  expect(asked('/users/active')[0]?.query).toMatchObject({ day: '2026-11-21', days: '1' });
  expect(asked('/engagement/activity')[0]?.query).toEqual({ from: '2026-11-08', to: '2026-11-22', split: 'all' });
});

test('lifecycle stacks who came and hangs who left below; a bar opens its users', async () => {
  backend.on(endpoints.lifecycleUsers, () => ({ items: [PERSON], nextCursor: null }));
  const { user } = open('lifecycle');
  expect(await screen.findByRole('button', { name: 'week of Nov 16: new 4, not over yet' })).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'week of Nov 9: dormant 8' }));
  expect(await screen.findByText('Dormant, week of Nov 9')).toBeInTheDocument();
  expect(asked('/users/lifecycle')[0]?.query).toMatchObject({ interval: 'week', startsOn: '2026-11-09', state: 'dormant' });
});

test('sessions are a distribution; the active-days histogram is called no ratio', async () => {
  open('sessions');
  expect(await screen.findByLabelText('Sessions of the range')).toHaveTextContent('Median (p50)8 mins');
  expect(screen.getByRole('heading', { name: 'Active-days histogram' })).toBeInTheDocument();
  expect(screen.getByRole('img', { name: 'single event: Sessions 30' })).toBeInTheDocument();
  expect(screen.getByText(/it is not stickiness/)).toBeInTheDocument();
});

describe('features', () => {
  test('have reach among those who may use them, and intensity', async () => {
    open('features');
    const row = within(await screen.findByRole('row', { name: /Export/ }));
    expect(row.getAllByText('30.0%')).toHaveLength(2);
    expect(row.getAllByText('nobody may')).toHaveLength(2);
    expect(row.getByText('5.0')).toBeInTheDocument();
  });

  test('are described by who may; others see why not', async () => {
    backend.on(endpoints.setFeature, () => ({ feature: FEATURE, auditSequence: 9, message: 'Export is described.' }));
    const { user } = open('features');
    await user.click(await screen.findByRole('button', { name: 'Describe Export' }));
    await user.click(screen.getByLabelText('Users of premium'));
    await fill(user, screen.getByLabelText(/^Reason/), 'Premium may export since November');
    await user.click(screen.getByRole('button', { name: 'Save the feature' }));
    await waitFor(() => expect(backend.toasts).toContain('Export is described.'));
    expect(backend.requests.find(({ method }) => method === 'PUT')).toMatchObject({ url: expect.stringContaining('/features/export'), body: { title: 'Export', tiers: ['premium', 'enterprise'], events: ['Exported'], flag: null, reason: 'Premium may export since November' } });
  });

  test('cannot be described by support', async () => {
    open('features', SAM);
    expect(await screen.findByRole('button', { name: 'Describe Export' })).toHaveAttribute('aria-disabled', 'true');
  });
});

test('users at risk are listed with their weeks, narrowed, and saved', async () => {
  backend.on(endpoints.atRisk, () => ({ items: [{ ...PERSON, lastActiveAt: '2026-11-01T10:00:00.000Z', activeWeeks: 7 }], nextCursor: null }));
  const { user } = open('at-risk');
  expect(await screen.findByRole('row', { name: new RegExp(`${MAYA.email}.*7`) })).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'CSV' }));
  await waitFor(() => expect(jest.mocked(download).mock.calls[0]?.[1]).toContain(`"${MAYA.id}","${MAYA.email}","premium","2026-11-01T10:00:00.000Z","7"`));
  expect(asked('/at-risk')[0]?.query).toMatchObject({ weeks: '3', quietDays: '14' });
});

// Looking things up by role in an open drawer takes jsdom seconds each.
test('a new definition is put in force only after its dry run was seen', async () => {
  backend.on(endpoints.previewDefinition, () => ({ version: 1, unknownEvents: ['Typo'], windows: [{ days: 7, users: 30, usersNow: 50 }, { days: 30, users: 80, usersNow: 120 }] }));
  backend.on(endpoints.setDefinition, () => ({ definition: { ...V1, version: 2 }, auditSequence: 5, message: 'Version 2 is in force.' }));
  const { user } = open('definition');
  expect(await screen.findByText('the beginning')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Change the definition' }));
  await user.click(screen.getByRole('radio', { name: 'Only these' }));
  const events = screen.getByRole('textbox', { name: /^Events/ });
  await user.clear(events);
  await fill(user, events, 'Chatted\nTypo');
  await fill(user, screen.getByLabelText(/^Reason/), 'Chats are what we sell');
  expect(screen.getByRole('button', { name: 'Put it in force' })).toBeDisabled();
  await user.click(screen.getByRole('button', { name: 'Dry run' }));
  expect(await screen.findByLabelText('Dry run', { selector: 'dl' })).toHaveTextContent('Active in 7 days30, now 50');
  expect(screen.getByText('Nobody sent Typo in the last 30 days')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Put it in force' }));
  await waitFor(() => expect(backend.toasts).toContain('Version 2 is in force.'));
  expect(backend.requests.find(({ method }) => method === 'PUT')?.body).toEqual({ mode: 'only', events: ['Chatted', 'Typo'], version: 1, reason: 'Chats are what we sell' });
}, 90_000);
