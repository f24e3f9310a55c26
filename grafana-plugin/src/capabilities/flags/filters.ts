// What the list of flags is narrowed to: as the URL writes it, as the form shows it, as the API asks for it.
import type { ClientRequest } from '@admin-center/contracts/capability';
import { FLAG_LIFECYCLES, type flags } from '@admin-center/contracts/flags';
import { oneOf } from '../../platform/url.ts';

export type FlagLifecycle = (typeof FLAG_LIFECYCLES)[number];

export interface FlagFilters {
  readonly q: string;
  readonly lifecycle: FlagLifecycle | '';
  /** Only these, with commas between them: what a dashboard panel was set to. */
  readonly keys: string;
}

export const NO_FILTERS: FlagFilters = { q: '', lifecycle: '', keys: '' };

/** Unknown values are dropped rather than shown as an error: an old link still opens the list. */
export function filtersFromUrl(search: string): FlagFilters {
  const params = new URLSearchParams(search);
  return { q: params.get('q') ?? '', lifecycle: oneOf(params.get('lifecycle'), FLAG_LIFECYCLES, ''), keys: params.get('keys') ?? '' };
}

/** Values for the URL; null takes a parameter out. */
export const filtersToUrl = (filters: FlagFilters): Record<string, string | null> => Object.fromEntries(Object.entries(filters).map(([key, value]) => [key, value === '' ? null : value]));

export const isFiltered = ({ q, lifecycle, keys }: FlagFilters): boolean => q !== '' || lifecycle !== '' || keys !== '';

type FlagsQuery = NonNullable<ClientRequest<typeof flags.endpoints.list>['query']>;

export const flagsQuery = ({ q, lifecycle, keys }: FlagFilters, limit: number): FlagsQuery => ({ q: q.trim() || undefined, lifecycle: lifecycle || undefined, keys: keys.trim() || undefined, limit });
