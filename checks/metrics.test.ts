// Every metric that a rule, a dashboard or a page asks for is declared in contracts/, and with labels that exist.
import { describe, expect, test } from '@jest/globals';
import { capabilities } from '@admin-center/contracts/capabilities';
import { files, read } from './files.ts';
import { metricsOf } from './promql.ts';
import { expressions, recordings } from './rules.ts';

/** Metrics that others serve: Prometheus itself, OpenTelemetry's conventions, node_exporter. */
const FOREIGN = [/^up$/, /^ALERTS(_FOR_STATE)?$/, /^scrape_/, /^prometheus_/, /^process_/, /^nodejs_/, /^http_server_/, /^target_info$/, /^node_/];

const declared = new Set([
  ...recordings.map(({ record }) => record),
  ...capabilities.flatMap(({ metrics }) => metrics.flatMap(({ name, type }) => (type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name]))),
]);
const undeclared = (names: readonly string[]): string[] => names.filter((name) => !declared.has(name) && !FOREIGN.some((pattern) => pattern.test(name)));

test('rules', () => {
  expect(expressions.flatMap((expression) => undeclared(metricsOf(expression)))).toEqual([]);
});

/** Every `expr` anywhere in a dashboard. */
function expressionsIn(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(expressionsIn);
  }
  if (value === null || typeof value !== 'object') {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]) => (key === 'expr' && typeof inner === 'string' ? [inner] : expressionsIn(inner)));
}

test('dashboards', () => {
  const dashboards = files('provisioning/grafana/dashboards/*.json', 'grafana-plugin/src/**/*.json').map((file) => JSON.parse(read(file)) as unknown);
  expect(dashboards.flatMap(expressionsIn).flatMap((expression) => undeclared(metricsOf(expression)))).toEqual([]);
});

test('pages', () => {
  const names = files('grafana-plugin/src/*.ts', 'grafana-plugin/src/*.tsx')
    .filter((file) => !/\.test\.tsx?$/.test(file))
    .flatMap((file) => [...read(file).matchAll(/\badmincenter_[a-z0-9_]+/g)].map(([name]) => name));
  expect(names.length).toBeGreaterThan(0);
  // A helper adds _bucket, _sum or _count to a histogram's name.
  const histograms = new Set(capabilities.flatMap(({ metrics }) => metrics.flatMap(({ name, type }) => (type === 'histogram' ? [name] : []))));
  expect([...new Set(undeclared(names))].filter((name) => !histograms.has(name))).toEqual([]);
});

describe('declared metrics', () => {
  const metrics = capabilities.flatMap((capability) => capability.metrics);

  test('have unique names with our prefix and the suffix of their type', () => {
    const names = metrics.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    expect(metrics.filter(({ name }) => !name.startsWith('admincenter_'))).toEqual([]);
    expect(metrics.filter(({ name, type }) => name.endsWith('_total') !== (type === 'counter'))).toEqual([]);
  });

  test('have a sentence as help', () => {
    expect(metrics.filter(({ help }) => !/^[A-Z0-9].{15,}\.$/.test(help))).toEqual([]);
  });

  test('have a bounded number of series', () => {
    const series = metrics.map(({ name, labels, maxSeries }) => ({ name, count: maxSeries ?? Object.values(labels).reduce((product, values) => product * ('max' in values ? values.max + 1 : values.length), 1) }));
    expect(series.filter(({ count }) => count > 1_000)).toEqual([]);
    expect(series.reduce((sum, { count }) => sum + count, 0)).toBeLessThan(10_000);
  });
});
