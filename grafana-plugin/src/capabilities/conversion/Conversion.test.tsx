// The Conversion page's parts: bars that open the persons behind them, the editor with its preview, rates, and all states.
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { getDefaultTimeRange, LoadingState, type PanelProps } from '@grafana/data';
import { conversion } from '@admin-center/contracts/conversion';
import { funnelDefinition, OTHER_GROUPS, SMALL_GROUPS, type Funnel, type FunnelResult } from '@admin-center/contracts/conversion-funnels';
import { createBackend, problem } from '../../../test/backend.ts';
import { SAM, VIC } from '../../../test/people.ts';
import { render } from '../../../test/render.tsx';
import { FunnelPanel, type FunnelPanelOptions } from '../../panels/funnel-panel/FunnelPanel.tsx';
import { FunnelsTab } from './FunnelsTab.tsx';
import { RatesTab } from './RatesTab.tsx';
import { problemsOf, withSteps } from './funnels/draft.ts';
import { unitOf, windowText } from './durations.ts';
import { viewFromUrl } from './tabs.ts';

const { endpoints } = conversion;
const RANGE = { from: '2026-07-01T00:00:00.000Z', to: '2026-07-31T12:00:00.000Z', chosen: 'now-30d now' };
const definition = funnelDefinition.parse({ name: 'Sign-up', steps: [{ event: 'Pricing', type: 'page' }, { event: 'Signed Up' }] });
const FUNNEL: Funnel = { key: 'sign-up', state: 'active', version: 3, definition, build: { progress: 1, builtAt: '2026-07-31T00:00:00Z' }, createdAt: '2026-07-01T00:00:00Z', updatedAt: '2026-07-02T00:00:00Z' };
const total: FunnelResult['total'] = {
  value: null, entered: 100, converted: 40, pending: 25, dropped: 35, ratio: 40 / 75,
  steps: [{ users: 100, pending: 25, dropped: 35, medianSeconds: null }, { users: 40, pending: 0, dropped: 0, medianSeconds: 7_200 }],
};
const RESULT: FunnelResult = {
  key: 'sign-up', version: 3, definition, from: '2026-07-01', to: '2026-07-31', asOf: '2026-07-31T12:00:00Z', build: FUNNEL.build, breakdown: 'none', total, groups: [],
  time: { sampledPersons: null, p50: 7_200, p90: 86_400, longest: 90_000, median: null, curve: [{ seconds: 7_200, converted: 0.4, atRisk: 100 }], histogram: [{ from: 3_600, to: 10_800, users: 40 }] },
};
const view = (search = '') => viewFromUrl(search);

/** At once: each key would draw the whole form anew. */
const fill = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });

function funnels() {
  const backend = createBackend();
  backend.on(endpoints.listFunnels, () => ({ items: [FUNNEL], nextCursor: null }));
  backend.on(endpoints.getFunnel, () => FUNNEL);
  backend.on(endpoints.funnelHistory, () => ({ items: [], nextCursor: null }));
  backend.on(endpoints.funnelResult, () => RESULT);
  backend.on(endpoints.eventNames, () => ({ items: [{ type: 'page' as const, name: 'Pricing', events: 1_200 }, { type: 'track' as const, name: 'Signed Up', events: 35 }] }));
  backend.on(endpoints.previewFunnel, () => ({ from: '2026-07-25', to: '2026-07-31', total, unknownEvents: ['Signed Up'] }));
  return backend;
}

test('each part of a bar opens the persons behind it, pending ones apart from who dropped out', async () => {
  const backend = funnels();
  backend.on(endpoints.funnelUsers, () => ({ items: [{ id: '8e2f2f8a-0000-4000-8000-000000000001', email: 'maya@example.com', tier: 'free' as const, lastSeenAt: null }], nextCursor: null }));
  const { user } = render(backend, <FunnelsTab view={view('?tab=funnels&funnel=sign-up')} onView={() => undefined} range={RANGE} />);
  await user.click(await screen.findByRole('button', { name: 'Signed Up: 25 may still get here. Show them.' }));
  expect(await screen.findByText('maya@example.com')).toBeInTheDocument();
  expect(backend.requests.find(({ url }) => url.includes('/users'))?.query).toMatchObject({ step: '1', outcome: 'pending', from: '2026-07-01', to: '2026-07-31' });
  expect(screen.getByText('undefined: fewer than half converted')).toBeInTheDocument();
});

test('groups open like the whole, also one whose source is in brackets; those told together do not', async () => {
  const backend = funnels();
  backend.on(endpoints.funnelUsers, () => ({ items: [], nextCursor: null }));
  backend.on(endpoints.funnelResult, () => ({ ...RESULT, breakdown: 'source' as const, groups: [{ ...total, value: '(direct)' }, { ...total, value: OTHER_GROUPS }, { ...total, value: SMALL_GROUPS }] }));
  const { user } = render(backend, <FunnelsTab view={view('?tab=funnels&funnel=sign-up')} onView={() => undefined} range={RANGE} />);
  const bars = await screen.findAllByRole('button', { name: 'Signed Up: 35 dropped out before. Show them.' });
  expect(bars).toHaveLength(2);
  await user.click(bars[1] as HTMLElement);
  await waitFor(() => expect(backend.requests.find(({ url }) => url.includes('/users'))?.query).toMatchObject({ breakdown: 'source', value: '(direct)' }));
});

test('bars are reached and opened by keyboard', async () => {
  const backend = funnels();
  backend.on(endpoints.funnelUsers, () => ({ items: [], nextCursor: null }));
  const { user } = render(backend, <FunnelsTab view={view('?tab=funnels&funnel=sign-up')} onView={() => undefined} range={RANGE} />);
  const bar = await screen.findByRole('button', { name: 'Signed Up: 35 dropped out before. Show them.' });
  bar.focus();
  await user.keyboard('{Enter}');
  await waitFor(() => expect(backend.requests.find(({ url }) => url.includes('/users'))?.query).toMatchObject({ step: '1', outcome: 'dropped' }));
});

test('a funnel whose past is worked out says how far that is', async () => {
  const backend = funnels();
  backend.on(endpoints.getFunnel, () => ({ ...FUNNEL, build: { progress: 0.25, builtAt: null } }));
  backend.on(endpoints.funnelResult, () => {
    throw problem(409, 'funnel_building', 'The past of this funnel is being worked out.');
  });
  render(backend, <FunnelsTab view={view('?tab=funnels&funnel=sign-up')} onView={() => undefined} range={RANGE} />);
  expect(await screen.findByText('The past of Sign-up is being worked out: 25.0%')).toBeInTheDocument();
});

test('the editor judges as one types, previews, and sends what was made', async () => {
  const backend = funnels();
  let sent: unknown;
  backend.on(endpoints.createFunnel, ({ body }) => {
    sent = body;
    return { funnel: FUNNEL, auditSequence: 7, message: 'Sign-up is made.' };
  });
  const { user } = render(backend, <FunnelsTab view={view('?tab=funnels')} onView={() => undefined} range={RANGE} />);
  // Until the role is known the button says that it needs one.
  await waitFor(() => expect(screen.getByRole('button', { name: 'New funnel' })).not.toHaveAttribute('aria-disabled', 'true'));
  await user.click(screen.getByRole('button', { name: 'New funnel' }));
  const drawer = document.body;
  await screen.findByLabelText('Name of step 1');
  fill(within(drawer).getAllByLabelText(/^Name/)[0] as HTMLElement, 'Sign up');
  expect(within(drawer).getByLabelText(/^Key/)).toHaveValue('sign-up');
  expect(within(drawer).getByText('The preview comes when every step has an event')).toBeInTheDocument();
  // What was sent of late is suggested by kind, and any other name may be typed.
  const suggested = () => [...((within(drawer).getByRole('combobox', { name: 'Name of step 1' }) as HTMLInputElement).list?.options ?? [])].map(({ value, label }) => [value, label]);
  await waitFor(() => expect(suggested()).toEqual([['Signed Up', 'Signed Up (35 in 30 days)']]));
  fill(within(drawer).getByLabelText('Name of step 1'), 'Pricing');
  fill(within(drawer).getByLabelText('Name of step 2'), 'Signed Up');
  expect(await within(drawer).findByText('Nothing was called so in the last 30 days: Signed Up', undefined, { timeout: 10_000 })).toBeInTheDocument();
  fill(within(drawer).getByLabelText('Longest time before step 2'), '20');
  expect(within(drawer).getByText('It must not be longer than that of the funnel.')).toBeInTheDocument();
  fill(within(drawer).getByLabelText('Longest time before step 2'), '');
  fill(within(drawer).getByLabelText(/^Reason/), 'To see who signs up.');
  await user.click(within(drawer).getByText('Create funnel'));
  await waitFor(() => expect(sent).toMatchObject({ definition: { name: 'Sign up', steps: [{ event: 'Pricing' }, { event: 'Signed Up' }], windowSeconds: 1_209_600 }, reason: 'To see who signs up.' }));
}, 60_000);

test('whoever may only read sees why there is nothing to press', async () => {
  render(funnels(), <FunnelsTab view={view('?tab=funnels')} onView={() => undefined} range={RANGE} />, { as: SAM });
  // Disabled buttons with a reason stay reachable by keyboard, so that the reason can be read.
  expect(await screen.findByRole('button', { name: 'Change Sign-up' })).toHaveAttribute('aria-disabled', 'true');
});

test('both rates stand side by side, and a month that has not matured has none', async () => {
  const backend = createBackend();
  const everybody = { value: null, users: 200, converted: 10, ratio: 0.05 };
  backend.on(endpoints.rates, ({ query }) => ({
    from: '2026-07-01', to: '2026-07-31', asOf: '2026-07-31T12:00:00Z', fromTier: 'free' as const, toTier: null, matureDays: 30, split: query['split'] === 'country' ? ('country' as const) : ('none' as const),
    period: { total: everybody, groups: query['split'] === 'country' ? [{ ...everybody, value: 'DE' }] : [] },
    cohort: { total: { ...everybody, users: 50, ratio: 0.2 }, groups: [], cohorts: [{ month: '2026-07-01', users: 30, converted: 1, ratio: null, matured: false }] },
  }));
  render(backend, <RatesTab view={view()} onView={() => undefined} range={RANGE} />);
  expect(await screen.findByText('200 users were free at the beginning, 10 started to pay.')).toBeInTheDocument();
  expect(screen.getByText('50 sign-ups have matured, 10 paid within 30 days.')).toBeInTheDocument();
  expect(screen.getByText('not matured')).toBeInTheDocument();
});

describe('as a dashboard panel', () => {
  const panel = (options: FunnelPanelOptions) => {
    const props: Pick<PanelProps<FunnelPanelOptions>, 'options' | 'width' | 'height' | 'data'> = { options, width: 800, height: 400, data: { state: LoadingState.Done, timeRange: getDefaultTimeRange(), series: [] } };
    return <FunnelPanel {...(props as PanelProps<FunnelPanelOptions>)} />;
  };

  test('shows the first funnel there is, with a way to the page', async () => {
    render(funnels(), panel({ funnel: '', breakdown: 'none', withTime: false }));
    expect(await screen.findByRole('link', { name: /Open in the Admin Center/ })).toHaveAttribute('href', '/a/cloudtolocalllm-admincenter-app/conversion?tab=funnels&funnel=sign-up&breakdown=none');
    expect(screen.getByRole('button', { name: 'Signed Up: 40 reached. Show them.' })).toBeInTheDocument();
  });

  test('a reader without a role is told so', async () => {
    render(funnels(), panel({ funnel: '', breakdown: 'none', withTime: false }), { as: VIC });
    expect(await screen.findByText('Not part of your role')).toBeInTheDocument();
  });
});

test('lengths of time are told in the largest unit that fits', () => {
  expect([60, 5_400, 7_200, 86_400, 1_209_600].map(windowText)).toEqual(['1 minute', '90 minutes', '2 hours', '1 day', '14 days']);
  expect(unitOf(1)).toBe(60);
});

test('a draft keeps its exclusions between steps that exist, and tells what is wrong by path', () => {
  const draft = { ...definition, steps: [...definition.steps, definition.steps[1]!], exclusions: [{ type: 'track' as const, event: 'X', feature: null, property: null, after: 2, before: 3 }] };
  expect(withSteps(draft, draft.steps.slice(0, 2)).exclusions[0]).toMatchObject({ after: 1, before: 2 });
  expect(problemsOf({ ...draft, steps: [{ ...draft.steps[0]!, event: '' }, draft.steps[1]!], exclusions: [] })).toHaveProperty(['steps.0.event']);
});
