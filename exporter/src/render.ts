// Samples to the Prometheus text format. What should exist and has no sample starts at 0.
import type { MetricContract } from '@admin-center/contracts/capability';
import type { Sample } from './collector.ts';
import { createSeriesResolver, seriesKey, type SeriesValues } from './series.ts';

export interface Renderer {
  /** @throws Error on the first sample that breaks the contract */
  render(samples: readonly Sample[]): string;
  /** Samples folded into `other` so far because their open label had its maximum of values. */
  overflows(): number;
}

export interface RendererOptions {
  /** Names of metrics that are not filled with 0. */
  readonly mayBeAbsent?: readonly string[];
}

export function createRenderer(metrics: readonly MetricContract[], { mayBeAbsent = [] }: RendererOptions = {}): Renderer {
  const resolver = createSeriesResolver(metrics);
  const starts = metrics.map((metric) => ({ metric, zeroes: mayBeAbsent.includes(metric.name) ? [] : combinations(metric) }));
  return {
    overflows: resolver.overflows,
    render: (samples) => {
      const found = resolver.resolve(samples);
      return starts.map(({ metric, zeroes }) => familyText(metric, zeroes, found.get(metric) ?? new Map())).join('');
    },
  };
}

function familyText(metric: MetricContract, zeroes: readonly string[], found: SeriesValues): string {
  const family = new Map([...zeroes.map((key): [string, number] => [key, 0]), ...found]);
  if (family.size === 0) {
    return '';
  }
  const lines = [`# HELP ${metric.name} ${escapeHelp(metric.help)}`, `# TYPE ${metric.name} ${metric.type}`];
  for (const [key, value] of family) {
    lines.push(`${key} ${value}`);
  }
  return `${lines.join('\n')}\n`;
}

const escapeHelp = (help: string): string => help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

/** Every combination of the closed lists; none where a label is open, since its values are not known before they come. */
function combinations(metric: MetricContract): string[] {
  let found: [string, string][][] = [[]];
  for (const [label, allowed] of Object.entries(metric.labels)) {
    if ('max' in allowed) {
      return [];
    }
    found = found.flatMap((labels) => allowed.map((value): [string, string][] => [...labels, [label, value]]));
  }
  return found.map((labels) => seriesKey(metric.name, labels));
}
