// Who may impersonate whom: what a preview shows, and when a request is refused.
import type { Config } from '../../config.ts';
import type { ImpersonationPreview, ImpersonationSession } from '@admin-center/contracts/impersonation';
import type { BlastRadius } from '@admin-center/contracts/fields';
import { sql } from 'kysely';
import { previewToken } from '../../platform/blast-radius.ts';
import type { Actor } from '../../platform/context.ts';
import type { Queryable } from '../../platform/database.ts';
import { type AppError, conflict, denied } from '../../platform/errors.ts';
import { readSlo } from '../../platform/slo.ts';
import { readSubject, type Subject } from '../users/preview.ts';
import { type Consent, readConsent } from './consent.ts';

export interface Asked {
  readonly userId: string;
  readonly scope: ImpersonationSession['scope'];
  readonly minutes: number;
}

/** All that a decision about a request depends on. */
export interface Candidate {
  readonly subject: Subject;
  /** An active session of the asking admin. */
  readonly ownSession: string | null;
  /** Somebody is at the product as the asking admin. */
  readonly actorIsImpersonated: boolean;
  readonly consent: Consent;
}

/** @throws AppError 404 */
export async function readCandidate(database: Queryable, userId: string, actor: Actor): Promise<Candidate> {
  const subject = await readSubject(database, userId);
  const { rows } = await sql<{ own: string | null; impersonated: boolean }>`
    SELECT (SELECT id FROM admin_center.impersonation_session WHERE admin_id = ${actor.userId} AND state = 'active') AS own,
      EXISTS (SELECT FROM admin_center.impersonation_session WHERE user_id = ${actor.userId} AND state IN ('requested', 'active')) AS impersonated
  `.execute(database);
  return { subject, ownSession: rows[0]?.own ?? null, actorIsImpersonated: rows[0]?.impersonated ?? false, consent: await readConsent(database, userId, subject.row.tier) };
}

/** Why this request is refused; null when it is not. */
export function refusalOf({ subject: { row, account }, ownSession, actorIsImpersonated, consent }: Candidate, actor: Actor): AppError | null {
  if (row.user_id === actor.userId) {
    return denied('target_is_yourself', 'You cannot impersonate yourself.');
  }
  if (account.is_admin) {
    return denied('target_is_admin', 'This user has an admin role, and admins are never impersonated.');
  }
  if (actorIsImpersonated) {
    return denied('actor_is_impersonated', 'Somebody is impersonating your account, and sessions do not chain. End that session first.');
  }
  if (row.state !== 'active') {
    return conflict(`user_${row.state}`, `This user is ${row.state}, so there is nothing of theirs to look at.`);
  }
  if (consent.needed && consent.id === null) {
    return conflict('consent_missing', `Users of the tier ${row.tier} are asked first, and this one has not agreed. They do so in the product, on the page of their account that shows who looked at it.`);
  }
  return ownSession === null ? null : conflict('session_active', 'You are impersonating a user already. End that session first.', { sessionId: ownSession });
}

/** Of a customer whose tier has an account manager, one admin does not decide alone (S16). */
const approvalFor = ({ row }: Subject): BlastRadius['approval'] => (row.tier === 'enterprise' ? 'needed' : 'not_needed');

export function radiusOf({ userId, scope, minutes }: Asked, { subject, consent }: Candidate): BlastRadius {
  const { row, summary, account } = subject;
  return {
    users: 1,
    tiers: { [row.tier]: 1 },
    mrr: summary.mrr,
    sessions: 0,
    experiments: [],
    slo: null,
    approval: approvalFor(subject),
    warnings: [
      ...(row.tier === 'enterprise' ? ['This is an enterprise customer: another admin has to approve the session.'] : []),
      ...(consent.needed && consent.until !== null ? [`The user agreed to this until ${consent.until.toISOString()}. When they take it back, the session ends.`] : []),
      ...(scope === 'write' ? ['Changes that are made in the session are made for the user, under both names.'] : []),
    ],
    token: previewToken(['impersonation.request', userId, row.state, row.tier, account.is_admin, scope, minutes]),
  };
}

export async function previewRequest(database: Queryable, config: Config, asked: Asked, actor: Actor): Promise<ImpersonationPreview> {
  const candidate = await readCandidate(database, asked.userId, actor);
  const refusal = refusalOf(candidate, actor);
  const { id, email, name, tier, state } = candidate.subject.summary;
  return {
    ...radiusOf(asked, candidate),
    slo: await readSlo(config),
    target: { id, email, name, tier, state },
    consent: { needed: candidate.consent.needed, until: candidate.consent.until?.toISOString() ?? null },
    refusal: refusal === null ? null : { code: refusal.code, message: refusal.message },
  };
}
