// What a person does in a session: what the host's tables record of it, and what only the product's own events do.
import { tierOn, type Citizen } from '../citizens.ts';
import { MINUTE, SECOND } from '../calendar.ts';
import type { Company } from '../company.ts';
import { conversationOf, hasConversation } from '../conversations.ts';
import { countAt } from '../draws.ts';
import { derive, fate, purpose, stream } from '../random.ts';
import type { Session } from '../sessions.ts';
import { clientOf } from './client.ts';
import type { DemoEvent } from './event.ts';
import { CHECKOUTS, type DemoExperiment, isRunning } from './experiments.ts';
import { featureOf } from './features.ts';

const STARTED = purpose('event of a session');
const USED = purpose('last use of a session');
const SAID = purpose('event of a conversation');
const IS_MEASURED = purpose('is measured');
const USES = purpose('uses of features');
const USE = purpose('use of a feature');
const LOOKS = purpose('looks at prices');
const CHECKS_OUT = purpose('goes to the checkout');

/** Of the people: the product sends events of theirs. The others do not want it (`Sec-GPC`) or are on clients too old to. */
const MEASURED = 0.46;
/** Minutes of a session per use beyond its last. */
const MINUTES_PER_USE = 75;
const LOOKS_AT_PRICES = 0.075;

const isMeasured = ({ person }: Session): boolean => fate(person.key, IS_MEASURED) < MEASURED;

type Of = (key: DemoEvent['key'], at: number, name: string, feature?: string | null, more?: Partial<DemoEvent>) => DemoEvent;

/** Makes events of one session of somebody known. */
function maker(session: Session, citizen: Citizen): Of {
  const { person, day, visit } = session;
  const common = { personId: person.id, known: true, type: 'track' as const, tier: tierOn(citizen, day), client: clientOf(person.key, person.character.country, day, visit), properties: null };
  return (key, at, name, feature = null, more = {}) => ({ ...common, key, at, name, feature, ...more });
}

/** As the mirror of the host's tables would have it. */
export function recordedEvents(session: Session, citizen: Citizen): DemoEvent[] {
  const of = maker(session, citizen);
  const events = [of(derive(session.key, STARTED), session.startsAt, 'Session Started')];
  // Where the product sends events itself, its last one is at the same moment.
  if (session.endsAt > session.startsAt && !isMeasured(session)) {
    events.push(of(derive(session.key, USED), session.endsAt, 'Session Used'));
  }
  if (hasConversation(session)) {
    const { createdAt, messages } = conversationOf(session, citizen.subject);
    events.push(of(derive(session.key, SAID), createdAt, 'Conversation Created', 'chat'));
    for (const [index, { role, at }] of messages.entries()) {
      if (role === 'user') {
        events.push(of(derive(session.key, SAID, index + 1), at, 'Message Sent', 'chat'));
      }
    }
  }
  return events;
}

/** What the product itself sends: uses of features up to the last moment of the session, and looks at the prices. */
export function sentEvents(company: Company, session: Session, citizen: Citizen, pricing: DemoExperiment | null): DemoEvent[] {
  const { person, startsAt, endsAt, key } = session;
  if (endsAt === startsAt || !isMeasured(session)) {
    return [];
  }
  const of = maker(session, citizen);
  const tier = tierOn(citizen, session.day);
  const events: DemoEvent[] = [];
  const more = countAt(fate(key, USES), (endsAt - startsAt) / MINUTE / MINUTES_PER_USE);
  const random = stream(derive(key, USE));
  for (let use = 0; use <= more; use += 1) {
    const at = use === more ? endsAt : startsAt + Math.floor((endsAt - startsAt) * random());
    const { key: feature, event } = featureOf(person, tier, company.loadedAt, at, random());
    events.push(of(derive(key, USE, use + 1), at, event, feature));
  }
  if (tier === 'free' && fate(key, LOOKS) < LOOKS_AT_PRICES) {
    events.push(...looksAtPrices(of, session, pricing));
  }
  return events;
}

function looksAtPrices(of: Of, { person, startsAt, endsAt, key }: Session, pricing: DemoExperiment | null): DemoEvent[] {
  const at = Math.min(startsAt + 20 * SECOND, endsAt);
  const events = [of(derive(key, LOOKS, 1), at, 'Pricing', null, { type: 'page', properties: { path: '/pricing' } })];
  const variant = pricing !== null && isRunning(pricing, at) ? pricing.variantOf(person.id) : null;
  if (variant !== null) {
    events.push(of(derive(key, LOOKS, 2), at, 'Experiment Viewed', null, { properties: { experiment_id: pricing?.flag ?? '', variation_id: variant } }));
  }
  if (fate(key, CHECKS_OUT) < (CHECKOUTS[variant ?? 'monthly'] ?? 0)) {
    events.push(of(derive(key, LOOKS, 3), Math.min(at + 50 * SECOND, endsAt), 'Checkout Started', null, { properties: { plan: 'premium' } }));
  }
  return events;
}
