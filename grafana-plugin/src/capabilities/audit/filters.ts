// What the audit log is narrowed to, as the URL writes it and as the API asks for it.
import { AUDIT_ACTIONS, OUTCOMES } from '@admin-center/contracts/audit';
import { oneOf } from '../../platform/url.ts';

export interface AuditFilters {
  readonly actor: string;
  readonly action: (typeof AUDIT_ACTIONS)[number] | '';
  readonly outcome: (typeof OUTCOMES)[number] | '';
  readonly targetId: string;
}

export const NO_FILTERS: AuditFilters = { actor: '', action: '', outcome: '', targetId: '' };

export function filtersFromUrl(search: string): AuditFilters {
  const params = new URLSearchParams(search);
  return {
    actor: params.get('actor') ?? '',
    action: oneOf(params.get('action'), AUDIT_ACTIONS, ''),
    outcome: oneOf(params.get('outcome'), OUTCOMES, ''),
    targetId: params.get('targetId') ?? '',
  };
}

/** Values for the URL; null takes a parameter out. */
export const filtersToUrl = (filters: AuditFilters): Record<string, string | null> => Object.fromEntries(Object.entries(filters).map(([key, value]) => [key, value || null]));

export const isFiltered = (filters: AuditFilters): boolean => Object.values(filters).some((value) => value !== '');

/** For list and export alike: an export holds what the list shows. */
export const auditQuery = ({ actor, action, outcome, targetId }: AuditFilters, range: { from: string; to: string }) => ({
  actor: actor.trim() || undefined,
  action: action || undefined,
  outcome: outcome || undefined,
  targetId: targetId.trim() || undefined,
  from: range.from,
  to: range.to,
});
