// What the list of users is narrowed to: as the URL writes it, as the form shows it, as the API asks for it.
import { TIERS, type ClientRequest, type Tier } from '@admin-center/contracts/capability';
import { USER_STATES, type users } from '@admin-center/contracts/users';
import { daysBefore } from '../../platform/time.tsx';
import { oneOf } from '../../platform/url.ts';

export type UserState = (typeof USER_STATES)[number];
export type UserSort = 'createdAt' | 'lastSeenAt' | 'email';

/** "within the last n days", or for `seen` also "not for n days". */
export const CREATED_CHOICES = [
  { value: '1d', label: 'In the last 24 hours' },
  { value: '7d', label: 'In the last 7 days' },
  { value: '30d', label: 'In the last 30 days' },
  { value: '90d', label: 'In the last 90 days' },
] as const;
export const SEEN_CHOICES = [
  { value: '1d', label: 'In the last 24 hours' },
  { value: '7d', label: 'In the last 7 days' },
  { value: '30d', label: 'In the last 30 days' },
  { value: 'idle30d', label: 'Not for 30 days' },
  { value: 'idle90d', label: 'Not for 90 days' },
] as const;

export interface UserFilters {
  readonly q: string;
  readonly tier: Tier | '';
  readonly state: UserState | '';
  readonly created: string;
  readonly seen: string;
  readonly sort: UserSort;
  readonly order: 'asc' | 'desc';
}

export const NO_FILTERS: UserFilters = { q: '', tier: '', state: '', created: '', seen: '', sort: 'createdAt', order: 'desc' };

/** Unknown values are dropped rather than shown as an error: an old link still opens the list. */
export function filtersFromUrl(search: string): UserFilters {
  const params = new URLSearchParams(search);
  return {
    q: params.get('q') ?? '',
    tier: oneOf(params.get('tier'), TIERS, ''),
    state: oneOf(params.get('state'), USER_STATES, ''),
    created: oneOf(params.get('created'), CREATED_CHOICES.map(({ value }) => value), ''),
    seen: oneOf(params.get('seen'), SEEN_CHOICES.map(({ value }) => value), ''),
    sort: oneOf(params.get('sort'), ['createdAt', 'lastSeenAt', 'email'] as const, NO_FILTERS.sort),
    order: oneOf(params.get('order'), ['asc', 'desc'] as const, NO_FILTERS.order),
  };
}

/** Values for the URL; null takes a parameter out. */
export const filtersToUrl = (filters: UserFilters): Record<string, string | null> =>
  Object.fromEntries(Object.entries(filters).map(([key, value]) => [key, value === '' || value === NO_FILTERS[key as keyof UserFilters] ? null : value]));

export const isFiltered = ({ q, tier, state, created, seen }: UserFilters): boolean => [q, tier, state, created, seen].some((value) => value !== '');

type UsersQuery = NonNullable<ClientRequest<typeof users.endpoints.list>['query']>;

/** @param now milliseconds; the caller keeps it while one list is paged through, so that pages do not shift */
export function usersQuery(filters: UserFilters, now: number, limit: number): UsersQuery {
  const { q, tier, state, created, seen, sort, order } = filters;
  const idle = seen.startsWith('idle');
  const since = (choice: string) => daysBefore(now, Number.parseInt(choice.replace('idle', ''), 10));
  return {
    q: q.trim() || undefined,
    tier: tier || undefined,
    state: state || undefined,
    createdFrom: created ? since(created) : undefined,
    seenFrom: seen && !idle ? since(seen) : undefined,
    seenTo: idle ? since(seen) : undefined,
    sort,
    order,
    limit,
  };
}
