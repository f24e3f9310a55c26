// Dashboards: PromQL that parses, over metrics and label values that contracts/ declares; panels that say what they show.
import { parser } from '@prometheus-io/lezer-promql';
import { capabilities } from '@admin-center/contracts/capabilities';
import { dashboards } from '../generate.ts';
import { dashboardJson } from '../src/dashboards/dashboard.ts';
import * as audit from '../src/capabilities/audit/panels.ts';
import { COLLECTOR_QUERIES } from '../src/capabilities/core/collectors.ts';
import * as engagement from '../src/capabilities/engagement/panels.ts';
import * as flags from '../src/capabilities/flags/panels.ts';
import * as headlines from '../src/capabilities/subscriptions/headlines.ts';
import * as subscriptions from '../src/capabilities/subscriptions/panels.ts';
import * as users from '../src/capabilities/users/panels.ts';
import type { Headline, Panel } from '../src/platform/panel.ts';

const metrics = new Map(capabilities.flatMap(({ metrics: declared }) => declared.map((metric) => [metric.name, metric] as const)));
const HISTOGRAM_SUFFIX = /_(bucket|sum|count)$/;

/** Grafana's variables, as Prometheus would get them. */
const filledIn = (expr: string): string =>
  expr.replaceAll('$__rate_interval', '5m').replaceAll('$__range', '1h').replaceAll('$tier', 'premium').replaceAll('$currency', 'USD');

interface Selector {
  metric: string;
  labels: Array<{ name: string; operator: string; value: string }>;
}

/** Throws at a syntax error; otherwise every series the expression reads. */
function selectors(expr: string): Selector[] {
  const found: Selector[] = [];
  const text = (from: number, to: number) => expr.slice(from, to);
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.type.isError) {
        throw new Error(`PromQL does not parse at ${node.from}: ${expr}`);
      }
      if (node.name === 'VectorSelector') {
        const identifier = node.node.getChild('Identifier');
        const matchers = node.node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
        found.push({
          metric: identifier ? text(identifier.from, identifier.to) : '',
          labels: matchers.map((matcher) => {
            const [, name = '', operator = '', value = ''] = /^(\w+)(=~|!~|!=|=)"(.*)"$/.exec(text(matcher.from, matcher.to)) ?? [];
            return { name, operator, value };
          }),
        });
      }
    },
  });
  return found;
}

const isPanel = (value: unknown): value is Panel => typeof value === 'object' && value !== null && 'queries' in value;
const isHeadline = (value: unknown): value is Headline => typeof value === 'object' && value !== null && 'expr' in value;
const parts = [audit, engagement, flags, headlines, subscriptions, users].flatMap((module): unknown[] => Object.values(module));
const panels = parts.filter(isPanel);
const headlineList = parts.filter(isHeadline);

const expressions: string[] = [
  ...panels.flatMap(({ queries }) => queries.map(({ expr }) => expr)),
  ...headlineList.flatMap(({ expr }) => [expr(), expr('7d')]),
  ...COLLECTOR_QUERIES.map(({ expr }) => expr),
  ...dashboards.flatMap((dashboard) => dashboardJson(dashboard).annotations.list.flatMap((annotation) => ('expr' in annotation ? [String(annotation.expr)] : []))),
];

test.each([...new Set(expressions)].map((expr) => [expr]))('%s', (expr) => {
  const read = selectors(filledIn(expr));
  expect(read).not.toHaveLength(0);
  for (const { metric, labels } of read) {
    const declared = metrics.get(metric) ?? metrics.get(metric.replace(HISTOGRAM_SUFFIX, ''));
    expect(`${metric} ${declared ? 'is declared' : 'is not declared'}`).toBe(`${metric} is declared`);
    for (const { name, value } of labels) {
      const allowed = declared?.labels[name];
      expect(`${metric}{${name}} ${allowed ? 'exists' : 'does not exist'}`).toBe(`${metric}{${name}} exists`);
      if (Array.isArray(allowed)) {
        expect(allowed).toEqual(expect.arrayContaining(value.split('|')));
      }
    }
  }
});

test('the parser finds what is wrong', () => {
  expect(() => selectors('sum(rate(x[5m])')).toThrow('does not parse');
  expect(selectors('sum by (a) (up{job="x"} / on() group_left other)').map(({ metric }) => metric)).toEqual(['up', 'other']);
});

test('every panel and headline says what it shows', () => {
  for (const { title, description } of [...panels, ...headlineList]) {
    expect(title).not.toBe('');
    expect(`${title}: ${description}`).toMatch(/: .{20,}\.$/);
  }
});

describe.each(dashboards.map((dashboard) => [dashboard.title, dashboardJson(dashboard)] as const))('dashboard %s', (_, json) => {
  test('can be imported anywhere: no id, a data source variable, a uid of its noun', () => {
    expect(json.id).toBeNull();
    expect(json.uid).toMatch(/^admincenter-[a-z]+$/);
    expect(json.templating.list[0]).toMatchObject({ type: 'datasource', name: 'datasource' });
    expect(JSON.stringify(json.panels)).not.toMatch(/"uid":"(?!\$\{datasource\})/);
  });

  test('every variable that a panel uses is there', () => {
    const used = new Set([...JSON.stringify(json.panels).matchAll(/\$(tier|currency)\b/g)].map(([, name]) => name));
    expect(json.templating.list.map(({ name }) => name)).toEqual(expect.arrayContaining([...used]));
  });

  test('panels lie on the grid without overlapping', () => {
    const cells = new Set<string>();
    for (const { gridPos } of json.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(cells.has(`${x} ${y}`)).toBe(false);
          cells.add(`${x} ${y}`);
        }
      }
    }
    expect(new Set(json.panels.map(({ id }) => id)).size).toBe(json.panels.length);
  });

  test('links to the page of the app that can act, and marks admin actions', () => {
    expect(json.links[0]?.url).toMatch(/^\/a\/cloudtolocalllm-admincenter-app\//);
    expect(json.annotations.list).toEqual(expect.arrayContaining([expect.objectContaining({ target: expect.objectContaining({ tags: ['admin'] }) })]));
  });
});
