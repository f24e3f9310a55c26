// What the page shows, in its URL, so that it can be sent to a colleague and the back button works.
import { DIMENSIONS, WINDOWS, type Dimension, type Window } from '@admin-center/contracts/distribution-places';

export interface View {
  readonly window: Window;
  /** Empty for the last complete day. */
  readonly day: string;
  /** Such as `country:DE`; empty for everybody. */
  readonly filter: string;
}

export function viewFromUrl(search: string): View {
  const parameters = new URLSearchParams(search);
  const window = WINDOWS.find((known) => known === parameters.get('window')) ?? '30d';
  const day = parameters.get('day') ?? '';
  const filter = parameters.get('filter') ?? '';
  return { window, day: /^\d{4}-\d\d-\d\d$/.test(day) ? day : '', filter: filterOf(filter) ? filter : '' };
}

export const viewToUrl = ({ window, day, filter }: View): Record<string, string | null> => ({ window: window === '30d' ? null : window, day: day || null, filter: filter || null });

export function filterOf(filter: string): { readonly dimension: Dimension; readonly value: string } | null {
  const [, name, value] = /^(\w+):(.+)$/.exec(filter) ?? [];
  const dimension = DIMENSIONS.find((known) => known === name);
  return dimension && value ? { dimension, value } : null;
}
