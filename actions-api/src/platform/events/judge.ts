// Why an event is not taken although it is well formed: whoever it is about does not want it, or is not who did it.
import type { IngestResult } from '@admin-center/contracts/engagement-events';
import { refusedBySender } from './consent.ts';
import type { StoredResult } from './event-row.ts';

type Json = Readonly<Record<string, unknown>>;

export type Refusal = Exclude<IngestResult, StoredResult>;

export const SAYS: Readonly<Record<Exclude<IngestResult, 'accepted' | 'invalid'>, string>> = {
  duplicate: 'This message was taken before.',
  too_old: 'It happened more than 35 days ago.',
  future: 'It happens more than 5 minutes from now.',
  admin: 'Admins of the host are not measured.',
  erased: 'What this person did was erased, and nothing more of it is kept.',
  impersonated: 'It was done by an admin in the session of a user.',
  bot: 'A robot sent it.',
  consent: 'The person does not want to be measured.',
};

export function refusalOf(context: Json, properties: Json, refusedByBrowser: boolean): Refusal | null {
  return refusedByBrowser || refusedBySender(context, properties) ? 'consent' : isImpersonated(context) || isImpersonated(properties) ? 'impersonated' : null;
}

/** `act` is what tokens of impersonated sessions carry (RFC 8693). */
const isImpersonated = ({ impersonated, act }: Json): boolean => impersonated === true || (typeof act === 'object' && act !== null);
