// The plugin's settings as Grafana keeps them.
import type { DataSourceRef } from '@grafana/schema';

export interface Settings {
  /** Base address of the actions API, without `/api/v1`. */
  readonly apiUrl?: string;
  /** uid of the Prometheus data source the pages query. */
  readonly prometheusUid?: string;
}

export const DEFAULT_PROMETHEUS_UID = 'prometheus';

export const prometheusSource = (settings: Settings | undefined): DataSourceRef => ({ type: 'prometheus', uid: settings?.prometheusUid || DEFAULT_PROMETHEUS_UID });

/** A sentence when the address cannot be right, else undefined. */
export function apiUrlProblem(text: string): string | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'Enter a whole address, for example http://actions-api:4000.';
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return 'The address starts with http:// or https://.';
  }
  return url.search || url.hash || /\/api(\/|$)/.test(url.pathname) ? 'Only the base address; the plugin adds /api/v1 itself.' : undefined;
}

export const withoutTrailingSlash = (text: string): string => text.trim().replace(/\/+$/, '');
