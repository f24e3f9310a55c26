// "What changed on this panel?" as a URL: the panel's queries travel in the path, the time range in `from` and `to`, where
// Grafana keeps it too. Links can be made by anybody, so every part is judged when it is read.
import { APP_URL, ROUTES } from '../../routes.ts';

export interface PanelQuestion {
  readonly title: string;
  readonly unit: string;
  /** uid of the panel's Prometheus; the plugin's own where it is left out. */
  readonly source?: string;
  readonly queries: ReadonlyArray<{ readonly expr: string; readonly legend: string }>;
}

const LIMITS = { title: 200, unit: 50, source: 100, expr: 4_000, legend: 200, queries: 8 } as const;

const isText = (value: unknown, most: number): value is string => typeof value === 'string' && value.length <= most;
const isQuery = (value: unknown): value is PanelQuestion['queries'][number] => {
  const { expr, legend } = (value ?? {}) as Partial<Record<string, unknown>>;
  return isText(expr, LIMITS.expr) && expr.trim() !== '' && isText(legend, LIMITS.legend);
};

/** JSON in base64url: any text survives a path segment unchanged. */
export function encodeQuestion({ title, unit, source, queries }: PanelQuestion): string {
  const kept = { title: title.slice(0, LIMITS.title), unit, source, queries: queries.slice(0, LIMITS.queries).map(({ expr, legend }) => ({ expr, legend: legend.slice(0, LIMITS.legend) })) };
  const bytes = new TextEncoder().encode(JSON.stringify(kept));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @returns undefined for anything that `encodeQuestion` does not make */
export function decodeQuestion(text: string): PanelQuestion | undefined {
  let value: Partial<Record<string, unknown>>;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
    value = (JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) ?? {}) as Partial<Record<string, unknown>>;
  } catch {
    return undefined;
  }
  const { title, unit, source, queries } = value;
  if (!isText(title, LIMITS.title) || !isText(unit, LIMITS.unit) || !(source === undefined || isText(source, LIMITS.source)) || !Array.isArray(queries)) {
    return undefined;
  }
  const sound = queries.length > 0 && queries.length <= LIMITS.queries && queries.every(isQuery);
  return sound ? { title, unit, ...(source === undefined ? {} : { source }), queries: queries.map(({ expr, legend }) => ({ expr, legend })) } : undefined;
}

/** @param from Grafana's own notation: `now-6h`, an ISO instant or epoch milliseconds */
export const whatChangedUrl = (question: PanelQuestion, from: string, to: string): string =>
  `${APP_URL}/${ROUTES.audit.path}/what-changed/${encodeQuestion(question)}?${new URLSearchParams({ from, to })}`;
