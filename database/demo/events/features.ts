// The features of Acme's product: who may use each, and which of them a person likes.
import { DAY } from '../calendar.ts';
import type { Person } from '../people.ts';
import { fate, purpose } from '../random.ts';
import type { PaidTier } from '../tables.ts';

type Tier = PaidTier | 'free';

export interface Feature {
  readonly key: string;
  readonly title: string;
  readonly event: string;
  readonly tiers: readonly Tier[];
  /** How much it is used by who likes it. */
  readonly weight: number;
  /** Share of the people who like it. */
  readonly liked: number;
  /** Days before the company was loaded on which it came; uses rise over a month. */
  readonly cameDaysAgo?: number;
}

const ALL: readonly Tier[] = ['free', 'premium', 'enterprise'];
const PAID: readonly Tier[] = ['premium', 'enterprise'];

export const FEATURES: readonly Feature[] = [
  { key: 'chat', title: 'Chat', event: 'Prompt Sent', tiers: ALL, weight: 40, liked: 1 },
  { key: 'model-switch', title: 'Model switch', event: 'Model Switched', tiers: ALL, weight: 14, liked: 0.55 },
  { key: 'tunnel', title: 'Tunnels', event: 'Tunnel Started', tiers: ALL, weight: 22, liked: 0.34 },
  { key: 'share', title: 'Sharing', event: 'Conversation Shared', tiers: PAID, weight: 9, liked: 0.5 },
  { key: 'api-key', title: 'API keys', event: 'API Key Used', tiers: PAID, weight: 12, liked: 0.36 },
  { key: 'export', title: 'Bulk export', event: 'Conversations Exported', tiers: ['enterprise'], weight: 7, liked: 0.4 },
  { key: 'voice', title: 'Voice', event: 'Voice Started', tiers: ALL, weight: 10, liked: 0.17, cameDaysAgo: 84 },
  { key: 'plugins', title: 'Plugins', event: 'Plugin Used', tiers: ALL, weight: 8, liked: 0.12 },
];

const TASTE = purpose('taste');
const MONTH = 30 * DAY;

/** @param drawn in [0, 1) @param at when it is used */
export function featureOf(person: Person, tier: Tier, loadedAt: number, at: number, drawn: number): Feature {
  const weights = FEATURES.map(({ tiers, weight, liked, cameDaysAgo }, index) => {
    const taste = fate(person.key, TASTE, index);
    if (!tiers.includes(tier) || taste >= liked) {
      return 0;
    }
    const age = cameDaysAgo === undefined ? MONTH : at - (loadedAt - cameDaysAgo * DAY);
    // Who likes it most uses it most, and what is new is found bit by bit.
    return age <= 0 ? 0 : weight * (1.4 - taste / liked) * Math.min(1, age / MONTH);
  });
  let left = drawn * weights.reduce((sum, weight) => sum + weight, 0);
  const index = weights.findIndex((weight) => (left -= weight) < 0);
  return FEATURES[Math.max(0, index)] as Feature;
}
