// What the history of sessions is narrowed to, as the URL writes it and as the API asks for it.
import { REASON_CLASSES, SESSION_STATES } from '@admin-center/contracts/impersonation';
import { uuid } from '@admin-center/contracts/fields';
import { oneOf } from '../../platform/url.ts';

export interface SessionFilters {
  readonly admin: string;
  readonly state: (typeof SESSION_STATES)[number] | '';
  readonly reasonClass: (typeof REASON_CLASSES)[number] | '';
  /** Id of a user. */
  readonly of: string;
}

export const NO_FILTERS: SessionFilters = { admin: '', state: '', reasonClass: '', of: '' };

export function filtersFromUrl(search: string): SessionFilters {
  const params = new URLSearchParams(search);
  return {
    admin: params.get('admin') ?? '',
    state: oneOf(params.get('state'), SESSION_STATES, ''),
    reasonClass: oneOf(params.get('reasonClass'), REASON_CLASSES, ''),
    of: uuid.safeParse(params.get('of')).data ?? '',
  };
}

/** Values for the URL; null takes a parameter out. */
export const filtersToUrl = (filters: SessionFilters): Record<string, string | null> => Object.fromEntries(Object.entries(filters).map(([key, value]) => [key, value || null]));

export const isFiltered = (filters: SessionFilters): boolean => Object.values(filters).some((value) => value !== '');

export const sessionsQuery = ({ admin, state, reasonClass, of }: SessionFilters) => ({
  admin: admin.trim() || undefined,
  state: state || undefined,
  reasonClass: reasonClass || undefined,
  userId: of || undefined,
});
