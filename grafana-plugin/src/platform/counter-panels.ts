// Counters as panels: how much they grew over time, as stacked bars, and in the whole time range, as a bar a value.
import { BAR_POINTS, metricHelp, type Panel } from './panel.ts';
import { growth, sum, type LabelOf, type MetricName, type Selector } from './promql.ts';

interface CounterPanel<M extends MetricName> {
  readonly title: string;
  readonly metric: M;
  /** The label whose values are told apart. */
  readonly by: LabelOf<M>;
  readonly selector?: Selector<M>;
  /** The value of the label when not given. */
  readonly legend?: string;
  readonly colors?: Panel['colors'];
}

/** @param onlyGrown leaves values out that did not grow, for labels with many */
export const growthOverTime = <M extends MetricName>({ title, metric, by, selector, legend = `{{${by}}}`, colors, onlyGrown = false }: CounterPanel<M> & { readonly onlyGrown?: boolean }): Panel => ({
  title,
  description: metricHelp(metric),
  viz: 'timeseries',
  points: BAR_POINTS,
  unit: 'short',
  decimals: 0,
  bars: true,
  stack: true,
  queries: [{ expr: `${sum(growth(metric, selector, '$__rate_interval'), by)}${onlyGrown ? ' > 0' : ''}`, legend }],
  ...(colors && { colors }),
});

export const growthInRange = <M extends MetricName>({ title, metric, by, selector, legend = `{{${by}}}`, colors }: CounterPanel<M>): Panel => ({
  title,
  description: metricHelp(metric),
  viz: 'bargauge',
  unit: 'locale',
  queries: [{ expr: `round(${sum(growth(metric, selector, '$__range'), by)})`, legend, instant: true }],
  ...(colors && { colors }),
});
