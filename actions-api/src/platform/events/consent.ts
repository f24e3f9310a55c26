// Whether a person has refused to be measured. What is refused is not stored at all. Do Not Track is not asked about: it
// was withdrawn as a standard, and browsers sent it without anybody having chosen it.
import type { IncomingHttpHeaders } from 'node:http';

type Json = Readonly<Record<string, unknown>>;

const PURPOSE = /^(analytics|analytics_storage|performance|statistics|measurement)$/i;

/** Global Privacy Control, of the browser that sent the request. */
export const refusedByBrowser = (headers: IncomingHttpHeaders): boolean => headers['sec-gpc'] === '1';

/**
 * What the sender says of consent: Segment's `context.consent.categoryPreferences`, RudderStack's
 * `context.consentManagement`, or `consent` in the context or the properties with a purpose of its own.
 */
export function refusedBySender(context: Json, properties: Json): boolean {
  return context['gpc'] === true || denies(context['consent']) || denies(properties['consent']) || namesPurpose(context['consentManagement'], 'deniedConsentIds');
}

/** Whether the sender says that the person agreed to be measured. Saying nothing is enough for counting, and not for a region. */
export function allowedBySender(context: Json, properties: Json): boolean {
  return [context['consent'], properties['consent']].some((consent) => decides(consent, (choice) => choice === true || choice === 'granted')) || namesPurpose(context['consentManagement'], 'allowedConsentIds');
}

const denies = (consent: unknown): boolean => decides(consent, (choice) => choice === false || choice === 'denied');

function decides(consent: unknown, as: (choice: unknown) => boolean): boolean {
  if (!isObject(consent)) {
    return false;
  }
  const { categoryPreferences } = consent;
  return [consent, isObject(categoryPreferences) ? categoryPreferences : {}].some((purposes) => Object.entries(purposes).some(([purpose, choice]) => PURPOSE.test(purpose) && as(choice)));
}

/** RudderStack's lists. */
function namesPurpose(management: unknown, list: 'allowedConsentIds' | 'deniedConsentIds'): boolean {
  const purposes = isObject(management) ? management[list] : null;
  return Array.isArray(purposes) && purposes.some((purpose) => typeof purpose === 'string' && PURPOSE.test(purpose));
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
