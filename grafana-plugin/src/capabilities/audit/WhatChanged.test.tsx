// "What changed?": the step in words, the likeliest cause first, and what is said where there is nothing to say.
import { screen, within } from '@testing-library/react';
import { audit, type Change } from '@admin-center/contracts/audit';
import { createBackend, problem, type Backend } from '../../../test/backend.ts';
import { render } from '../../../test/render.tsx';
import type { NamedSeries } from '../../platform/what-changed/series.ts';
import { WhatChanged } from './WhatChanged.tsx';

const FROM = '2026-11-22T10:00:00.000Z';
const TO = '2026-11-22T12:00:00.000Z';
const at = (minute: number): string => new Date(Date.parse(FROM) + minute * 60_000).toISOString();
const stepped = (name: string, height: number): NamedSeries => ({ name, points: Array.from({ length: 120 }, (_, index) => ({ time: Date.parse(at(index)), value: 100 + (index % 5) + (index >= 60 ? height : 0) })) });
const change = (id: string, minute: number, action: string): Change => ({
  id, at: at(minute), endedAt: null, action, target: { type: 'flag', id: 'checkout-v2' }, actor: { email: 'ada@acme.example', role: 'super_admin' }, reason: 'Orders fail.', text: '', auditSequence: Number(id),
});
let backend: Backend;
beforeEach(() => {
  backend = createBackend();
  backend.on(audit.endpoints.changes, () => ({ items: [change('1', 20, 'users.suspend'), change('2', 58, 'flags.kill'), change('3', 80, 'users.reactivate')] }));
});
const show = (series: readonly NamedSeries[] | undefined, failure?: string) => render(backend, <WhatChanged series={series} problem={failure} from={FROM} to={TO} unit="short" />);
const actions = async () => within(await screen.findByRole('table', { name: /likeliest cause first/ })).getAllByRole('link').map(({ textContent }) => textContent).filter((text) => text?.includes('.'));

test('the likeliest cause comes first, with who, why, the levels and the way to the audit entry', async () => {
  show([stepped('orders', -40)]);
  expect(await screen.findByText(/orders fell at .*: 102 → 61\.8 \(−40\.4, with 95% certainty between −.* and −.*\)\. Most likely the cause: flags.kill on flag checkout-v2, 2 minutes before\./)).toBeInTheDocument();
  expect((await actions())[0]).toBe('flags.kill');
  const first = within(screen.getByRole('table', { name: /likeliest/ })).getAllByRole('row')[1] as HTMLElement;
  expect(within(first).getByText('likely')).toBeInTheDocument();
  expect(within(first).getByText('ada@acme.example')).toBeInTheDocument();
  expect(within(first).getByRole('link', { name: 'flags.kill' })).toHaveAttribute('href', '/a/cloudtolocalllm-admincenter-app/audit?targetId=checkout-v2&entry=2&from=now-10y&to=now');
  expect(backend.requests.find(({ url }) => url.includes('/changes'))?.query).toEqual({ from: FROM, to: TO });
});

test('of several series the one that moved most is asked about, and any other can be chosen', async () => {
  const { user } = show([stepped('steady', 0), stepped('orders', -40)]);
  expect(await screen.findByText(/^orders fell/)).toBeInTheDocument();
  await user.type(screen.getByRole('combobox', { name: 'Series' }), 'steady');
  await user.keyboard('{ArrowDown}{Enter}');
  expect(await screen.findByText(/^steady makes no step in this time range/)).toBeInTheDocument();
});

test('a range without changes says that it was none of ours', async () => {
  backend.on(audit.endpoints.changes, () => ({ items: [] }));
  show([stepped('orders', -40)]);
  expect(await screen.findByText('No admin changed anything in this time range')).toBeInTheDocument();
});

test('a query without data, one that fails, and an API that refuses are told apart', async () => {
  const empty = show([]);
  expect(await screen.findByText('The query has no data in this time range')).toBeInTheDocument();
  empty.unmount();
  const failed = show(undefined, 'parse error: unexpected end of input');
  expect(await screen.findByText('parse error: unexpected end of input')).toBeInTheDocument();
  failed.unmount();
  backend.on(audit.endpoints.changes, () => {
    throw problem(503, 'database_unavailable', 'The database cannot be reached right now.');
  });
  show([stepped('orders', -40)]);
  expect(await screen.findByText(/The database cannot be reached right now/)).toBeInTheDocument();
});
