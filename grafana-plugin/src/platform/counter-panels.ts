// Counters as panels: how much they grew over time, as stacked bars, and in the whole time range, as a bar a value.
import { BAR_POINTS, metricHelp, type Panel } from './panel.ts';
import { growth, sum, type LabelOf, type MetricName, type Selector } from './promql.ts';

interface CounterPanel<M extends MetricName> extends Pick<Panel, 'title' | 'colors' | 'names'> {
  readonly metric: M;
  /** The label whose values are told apart. */
  readonly by: LabelOf<M>;
  readonly selector?: Selector<M>;
  /** The value of the label when not given. */
  readonly legend?: string;
}

/** @param onlyGrown leaves values out that did not grow, for labels with many */
export const growthOverTime = <M extends MetricName>({ metric, by, selector, legend = `{{${by}}}`, onlyGrown = false, ...panel }: CounterPanel<M> & { readonly onlyGrown?: boolean }): Panel => ({
  ...panel,
  description: metricHelp(metric),
  viz: 'timeseries',
  points: BAR_POINTS,
  unit: 'short',
  decimals: 0,
  bars: true,
  stack: true,
  queries: [{ expr: `${sum(growth(metric, selector, '$__rate_interval'), by)}${onlyGrown ? ' > 0' : ''}`, legend }],
});

/** @param inOrder the values one by one, where their order says something; else they come by the alphabet */
export const growthInRange = <M extends MetricName>({ metric, by, legend = `{{${by}}}`, inOrder, ...panel }: Omit<CounterPanel<M>, 'selector'> & { readonly inOrder?: readonly string[] }): Panel => ({
  ...panel,
  description: metricHelp(metric),
  viz: 'bargauge',
  unit: 'locale',
  queries: inOrder === undefined
    ? [{ expr: `round(${sum(growth(metric, undefined, '$__range'), by)})`, legend, instant: true }]
    : inOrder.map((value) => ({ expr: `round(${sum(growth(metric, { [by]: value } as Selector<M>, '$__range'))})`, legend: value.replaceAll('_', ' '), instant: true })),
});
