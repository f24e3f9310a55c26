// Links that open a request: what is kept of them, and what is not.
import { requestFromUrl } from './context.ts';

const USER = '11111111-1111-4111-8111-111111111111';
const link = (params: Record<string, string>) => requestFromUrl(`?${new URLSearchParams(params)}`);
const PANEL = { user: USER, panelTitle: 'Errors by user', panelUrl: '/d/errors?viewPanel=4', from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T11:00:00.000Z' };

test('the user, the panel and its time range', () => {
  expect(link(PANEL)).toEqual({ userId: USER, context: { url: '/d/errors?viewPanel=4', title: 'Errors by user', from: PANEL.from, to: PANEL.to } });
});

test('times as Grafana writes them into links', () => {
  expect(link({ ...PANEL, from: '1763805600000', to: '1763809200000' })?.context).toMatchObject({ from: '2025-11-22T10:00:00.000Z', to: '2025-11-22T11:00:00.000Z' });
  const relative = link({ ...PANEL, from: 'now-1h', to: 'now' })?.context;
  expect(Date.parse(relative?.to ?? '') - Date.parse(relative?.from ?? '')).toBeCloseTo(3_600_000, -3);
});

test('a user alone has no context', () => {
  expect(link({ user: USER })).toEqual({ userId: USER, context: undefined });
});

test.each(['javascript:alert(1)', '//evil.example/d', 'data:text/html,x', 'https://ok.example/ with space', ''])('a panel at %j is not kept', (panelUrl) => {
  expect(link({ ...PANEL, panelUrl })).toEqual({ userId: USER, context: undefined });
});

test('a panel without a time range that can be read is not kept', () => {
  expect(link({ ...PANEL, from: 'yesterday-ish' })?.context).toBeUndefined();
});

test('a panel with a time range backwards or of centuries is not kept', () => {
  expect(link({ ...PANEL, from: PANEL.to, to: PANEL.from })?.context).toBeUndefined();
  expect(link({ ...PANEL, from: '0001-01-01T00:00:00Z' })?.context).toBeUndefined();
});

test.each([{}, { user: '' }, { user: "1' or '1'='1" }])('no request: %j', (params) => {
  expect(link(params as Record<string, string>)).toBeUndefined();
});
