// The entries in the menus of Grafana's dashboard panels: where they lead, and where they are not shown.
import { FieldType, toDataFrame, type PluginExtensionPanelContext } from '@grafana/data';
import { plugin } from '../module.tsx';
import { pluginManifest } from '../manifest.ts';
import { decodeQuestion } from '../platform/what-changed/panel-question.ts';
import { impersonatePath, whatChangedPath } from './panel-links.ts';

const USER = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';
const PANEL = {
  pluginId: 'timeseries',
  id: 4,
  title: 'Errors of $service',
  timeRange: { from: 'now-6h', to: 'now' },
  dashboard: { uid: 'errors', title: 'Errors', tags: [] },
  targets: [{ refId: 'A', expr: 'rate(errors_total{service="$service"}[$__rate_interval])', legendFormat: '{{code}}', datasource: { type: 'prometheus', uid: '${ds}' } }],
} as unknown as PluginExtensionPanelContext;
const interpolate = (text: string) => text.replaceAll('$service', 'checkout').replaceAll('${ds}', 'prom-7');
const questionAt = (path: string | undefined) => {
  const { pathname, searchParams } = new URL(path ?? '', 'http://grafana.example');
  return { question: decodeQuestion(pathname.split('/').at(-1) ?? ''), from: searchParams.get('from'), to: searchParams.get('to') };
};
const dataOf = (...frames: Array<Parameters<typeof toDataFrame>[0]>) => ({ ...PANEL, data: { series: frames.map((frame) => toDataFrame(frame)) } }) as unknown as PluginExtensionPanelContext;

describe('What changed?', () => {
  test('takes the queries with their variables filled in, the data source and the time range along', () => {
    expect(questionAt(whatChangedPath(PANEL, interpolate))).toEqual({
      question: { title: 'Errors of checkout', unit: 'short', source: 'prom-7', queries: [{ expr: 'rate(errors_total{service="checkout"}[$__rate_interval])', legend: '{{code}}' }] },
      from: 'now-6h',
      to: 'now',
    });
  });

  test.each([
    ['no context', undefined],
    ['a panel that is no time series', { ...PANEL, pluginId: 'table' }],
    ['a panel without queries', { ...PANEL, targets: [] }],
    ['a query of another kind of source', { ...PANEL, targets: [{ refId: 'A', expr: '{app="x"}', datasource: { type: 'loki', uid: 'loki' } }] }],
    ['a query that is switched off', { ...PANEL, targets: [{ refId: 'A', expr: 'up', hide: true }] }],
  ])('is not offered for %s', (_, context) => {
    expect(whatChangedPath(context as PluginExtensionPanelContext | undefined, interpolate)).toBeUndefined();
  });
});

describe('a question in a URL', () => {
  test.each(['', 'nonsense', '%%%', btoa('null'), btoa('[]'), btoa('{"title":"x"}'), btoa('{"title":"x","unit":"s","queries":[]}'), btoa('{"title":"x","unit":"s","queries":[{"expr":"  ","legend":""}]}'), btoa(JSON.stringify({ title: 'x'.repeat(500), unit: 's', queries: [{ expr: 'up', legend: '' }] })), btoa('\xff\xfe')])(
    'that we did not make (%j) is none',
    (text) => {
      expect(decodeQuestion(text)).toBeUndefined();
    }
  );

  test('keeps what is asked and nothing else', () => {
    const text = btoa(JSON.stringify({ title: 't', unit: 's', queries: [{ expr: 'up', legend: '', extra: 1 }], more: true }));
    expect(decodeQuestion(text)).toEqual({ title: 't', unit: 's', queries: [{ expr: 'up', legend: '' }] });
  });
});

describe('Impersonate this user', () => {
  const field = (name: string, values: unknown[], labels?: Record<string, string>) => ({ fields: [{ name, type: FieldType.string, values, labels }] });

  test.each([
    ['a field user_id', field('user_id', [USER, USER])],
    ['a field userId', field('userId', [USER.toUpperCase()])],
    ['a label user_id', field('Value', ['1'], { user_id: USER })],
  ])('leads to the request with the panel as its reason, from %s', (_, frame) => {
    const { pathname, searchParams } = new URL(impersonatePath(dataOf(frame)) ?? '', 'http://grafana.example');
    expect(pathname).toBe('/a/cloudtolocalllm-admincenter-app/impersonation');
    expect(Object.fromEntries(searchParams)).toEqual({ user: USER, panelTitle: PANEL.title, panelUrl: '/d/errors?viewPanel=4&from=now-6h&to=now', from: 'now-6h', to: 'now' });
  });

  test.each([
    ['nobody', field('name', ['Maya'])],
    ['somebody who is no id', field('user_id', ["1' or '1'='1", null])],
    ['several people', field('user_id', [USER, OTHER])],
  ])('is not offered where the panel shows %s', (_, frame) => {
    expect(impersonatePath(dataOf(frame))).toBeUndefined();
  });
});

test('the plugin adds exactly the links that plugin.json announces', () => {
  const announced = pluginManifest([]).extensions.addedLinks;
  expect(plugin.addedLinkConfigs?.map(({ title, description, targets }) => ({ targets, title, description }))).toEqual(announced);
  for (const { path, configure } of plugin.addedLinkConfigs ?? []) {
    expect(path).toMatch(/^\/a\/cloudtolocalllm-admincenter-app\//);
    expect(configure?.(undefined)).toBeUndefined();
  }
});
