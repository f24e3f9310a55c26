// A panel as plain data. Pages turn it into a Scenes panel (viz-panel.ts), dashboards into JSON (dashboards/dashboard.ts),
// so that both show the same query with the same unit and the same explanation. No imports of Grafana.
import { capabilities } from '@admin-center/contracts/capabilities';
import type { MetricName } from './promql.ts';

export interface PanelQuery {
  readonly expr: string;
  /** Grafana's legend template, e.g. `{{tier}}`. */
  readonly legend: string;
  /** Only the value at the end of the time range. */
  readonly instant?: boolean;
}

export interface Panel {
  readonly title: string;
  /** Says the definition; shown behind the info icon. */
  readonly description: string;
  readonly viz: 'timeseries' | 'bargauge' | 'stat';
  readonly unit: string;
  readonly decimals?: number;
  readonly queries: readonly PanelQuery[];
  /** Series lie on top of each other: only where they add up to a whole. */
  readonly stack?: boolean;
  /** Counts per interval rather than a level. */
  readonly bars?: boolean;
  /** Fixed colours by series name, for series that mean the same on every panel. */
  readonly colors?: Readonly<Record<string, string>>;
  /** What series are called instead; codes of the contract with an underscore are put in words without it. */
  readonly names?: Readonly<Record<string, string>>;
  /** How many points are drawn at most; many show a series that has just begun. */
  readonly points?: number;
  /** When its numbers were computed, in Unix time, where that is not when they are asked for. Dashboards show it as a panel. */
  readonly computedAt?: string;
  /** Let the axis leave zero out, for ratios that hover high. */
  readonly freeAxis?: boolean;
}

/** A headline number with its trend, its change, and where the people behind it are listed. */
export interface Headline {
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  readonly decimals?: number;
  /** The number, now or so long ago (`7d`). */
  readonly expr: (offset?: string) => string;
  /** Which direction is good news. */
  readonly good: 'up' | 'down' | 'neither';
  /** Ratios change in percentage points, amounts in percent. */
  readonly change: 'percent' | 'points';
  readonly link: { readonly label: string; readonly href: string };
  /** Contract permission to see the number at all. */
  readonly permission: string;
}

const METRICS = new Map(capabilities.flatMap((capability) => capability.metrics.map((metric) => [metric.name, metric] as const)));

/** What contracts/ says a metric means, with the number of its definition. */
export const metricHelp = (name: MetricName): string => METRICS.get(name)?.help ?? '';

/** The codes that a legend of one label can show, each with its words: `past_due` → "past due". */
function codesInWords({ expr, legend }: PanelQuery): ReadonlyArray<readonly [string, string]> {
  const [, label = ''] = /^\{\{(\w+)\}\}$/.exec(legend) ?? [];
  const values = METRICS.get(/admincenter_\w+/.exec(expr)?.[0] ?? '')?.labels[label];
  return Array.isArray(values) ? values.filter((value: string) => value.includes('_')).map((value: string) => [value, value.replaceAll('_', ' ')]) : [];
}

export interface SeriesLook {
  /** As the legend template gives it. */
  readonly series: string;
  readonly displayName?: string;
  readonly color?: string;
}

/** What differs for single series: their words, their colours. */
export function seriesLooks({ queries, names = {}, colors = {} }: Panel): readonly SeriesLook[] {
  const words = new Map([...queries.flatMap(codesInWords), ...Object.entries(names)]);
  return [...new Set([...Object.keys(colors), ...words.keys()])].map((series) => ({ series, displayName: words.get(series), color: colors[series] }));
}

/** A point a minute over a day, for what has no past before the product was installed. */
export const FINE_POINTS = 1440;

/**
 * Bars of a counter that has a past: over a month six hours each. More of them would be narrower than the two hours that
 * `increase` needs where the past is stored by the hour (docs/decisions/0007).
 */
export const BAR_POINTS = 120;

/** Pixels of the names and numbers of bars, the same however many there are. */
export const BAR_TEXT = { titleSize: 12, valueSize: 20 } as const;
/** Pixels of a single number, or it would fill the panel. */
export const STAT_TEXT = { valueSize: 40 } as const;
/** Pixels of a bar, or one or two of them would fill the panel. */
export const BAR_HEIGHT = { min: 16, max: 40 } as const;

/** Where the axis of whole numbers ends at least, so that a quiet graph does not count to a hundred. */
const QUIET_COUNT_MAX = 4;
/** The same for a rate: what nobody does is drawn as nothing, not as nothing of a hundred a second. */
const QUIET_RATE_MAX = 0.1;

export const quietAxisMax = ({ decimals, unit }: Panel): number | undefined => (decimals === 0 ? QUIET_COUNT_MAX : unit === 'ops' ? QUIET_RATE_MAX : undefined);

/** Stands for the unit of whichever currency is chosen. */
export const CURRENCY_UNIT = 'currency';

/** Colours that carry a meaning across all panels; names of Grafana's palette. */
export const TIER_COLORS = { free: 'light-blue', premium: 'green', enterprise: 'purple' } as const;
export const WINDOW_COLORS = { '24 hours': 'light-blue', '7 days': 'blue', '30 days': 'dark-purple' } as const;
export const MOVEMENT_COLORS = { new: 'green', expansion: 'light-green', reactivation: 'blue', contraction: 'orange', churn: 'red', paused: 'semi-dark-yellow' } as const;
