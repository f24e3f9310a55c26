// The flags of Acme: what each is, how it came to be that way, and how much it is asked for.
import type { FlagDefinitionInput } from '@admin-center/contracts/flags-definition';
import { TUNNEL_ENGINE, TUNNEL_ENGINE_KEY } from './tunnel-engine.ts';

type State = 'on' | 'off' | 'killed' | 'archived';

/** A version; what it does not name stays as before. */
export interface Chapter {
  readonly daysAgo: number;
  readonly change: 'create' | 'update' | 'state' | 'experiment';
  readonly reason: string;
  readonly by: 'ada' | 'system:flag-schedule';
  readonly state?: State;
  readonly experiment?: 'running' | 'stopped';
  readonly with?: Partial<FlagDefinitionInput>;
}

/** Evaluations of a day, by variant and reason, from so many days ago until so many. */
export interface Asked {
  readonly variant: string;
  readonly reason: string;
  readonly from: number;
  readonly until: number;
  readonly perDay: number;
}

export interface Story {
  readonly key: string;
  readonly definition: FlagDefinitionInput;
  readonly chapters: readonly Chapter[];
  readonly asked: readonly Asked[];
}

const onOff = (name: string, description: string, percentage: number | null, more: Partial<FlagDefinitionInput> = {}): FlagDefinitionInput => ({
  name, description, type: 'boolean', variants: [{ key: 'on', value: true }, { key: 'off', value: false }], offVariant: 'off', defaultVariant: 'off',
  rollout: percentage === null ? null : { percentage, split: [{ variant: 'on', weight: 1 }] },
  ...more,
});
const to = (variant: string, percentage = 100) => ({ percentage, split: [{ variant, weight: 1 }] });
const rollout = (percentage: number) => ({ rollout: to('on', percentage) });
const begin = (daysAgo: number, reason: string): Chapter => ({ daysAgo, change: 'create', reason, by: 'ada', state: 'off' });
const turnOn = (daysAgo: number, reason = 'Checked on staging, goes live.'): Chapter => ({ daysAgo, change: 'state', reason, by: 'ada', state: 'on' });
const widen = (daysAgo: number, percentage: number, reason: string): Chapter => ({ daysAgo, change: 'update', reason, by: 'ada', with: rollout(percentage) });

export const STORIES: readonly Story[] = [
  { key: TUNNEL_ENGINE_KEY, definition: TUNNEL_ENGINE, chapters: [begin(3, 'The new engine is in the code, for nobody yet.'), turnOn(2)], asked: [{ variant: 'off', reason: 'DEFAULT', from: 2, until: 0, perDay: 5_200 }] },
  {
    key: 'stream-responses', definition: onOff('Stream responses', 'Words of an answer show as they come.', 5, { tiers: [{ id: 'enterprise', tier: 'enterprise', serve: to('on') }] }),
    chapters: [begin(64, 'Streaming for those who pay most first.'), turnOn(63), widen(50, 10, 'A week without a complaint.'), widen(36, 25, 'Latency is the same as before.'), widen(20, 50, 'Goes on as planned.')],
    asked: [
      { variant: 'on', reason: 'TARGETING_MATCH', from: 63, until: 0, perDay: 420 }, { variant: 'on', reason: 'SPLIT', from: 63, until: 36, perDay: 700 },
      { variant: 'on', reason: 'SPLIT', from: 36, until: 0, perDay: 4_100 }, { variant: 'off', reason: 'DEFAULT', from: 63, until: 0, perDay: 4_300 },
    ],
  },
  {
    key: 'pricing-page',
    definition: {
      ...onOff('Pricing page', 'Which plan the pricing page shows first.', null), type: 'string', public: true,
      variants: [{ key: 'monthly', value: 'monthly-first', description: 'As it was.' }, { key: 'annual', value: 'annual-first', description: 'Annual plans first, with what they save.' }],
      offVariant: 'monthly', defaultVariant: 'monthly',
      experiment: {
        hypothesis: 'Annual plans shown first raise the share of users who go to the checkout.', metric: 'event: Checkout Started', plannedN: 5_000, holdOut: 5,
        weights: [{ variant: 'monthly', weight: 1 }, { variant: 'annual', weight: 1 }], exclusionGroup: { name: 'pricing', from: 0, to: 60 },
      },
    },
    chapters: [begin(15, 'For the experiment agreed on with finance.'), turnOn(12), { daysAgo: 12, change: 'experiment', reason: 'Tracking is verified, both pages render.', by: 'ada', experiment: 'running' }],
    asked: [{ variant: 'monthly', reason: 'SPLIT', from: 12, until: 0, perDay: 940 }, { variant: 'annual', reason: 'SPLIT', from: 12, until: 0, perDay: 880 }, { variant: 'monthly', reason: 'DEFAULT', from: 12, until: 0, perDay: 1_300 }],
  },
  {
    key: 'onboarding-checklist',
    definition: {
      ...onOff('Onboarding checklist', 'Three steps instead of seven after signing up.', 0), type: 'string', variants: [{ key: 'long', value: 'seven-steps' }, { key: 'short', value: 'three-steps' }], offVariant: 'long', defaultVariant: 'long',
      rollout: to('short', 0),
      experiment: { hypothesis: 'Fewer steps make more people chat.', metric: 'event: First Chat', plannedN: 2_000, weights: [{ variant: 'long', weight: 1 }, { variant: 'short', weight: 1 }] },
    },
    chapters: [
      begin(110, 'For the experiment on the first day.'), turnOn(108), { daysAgo: 108, change: 'experiment', reason: 'Starts with the release.', by: 'ada', experiment: 'running' },
      { daysAgo: 60, change: 'experiment', reason: 'Planned size reached, three steps win.', by: 'ada', experiment: 'stopped' }, { daysAgo: 59, change: 'update', reason: 'Three steps for everybody.', by: 'ada', with: { rollout: to('short') } },
    ],
    asked: [{ variant: 'long', reason: 'SPLIT', from: 108, until: 60, perDay: 90 }, { variant: 'short', reason: 'SPLIT', from: 108, until: 60, perDay: 95 }, { variant: 'short', reason: 'STATIC', from: 59, until: 0, perDay: 170 }],
  },
  {
    key: 'max-conversations',
    definition: {
      ...onOff('Conversations kept', 'How many conversations a plan keeps.', null), type: 'number', permanent: true, variants: [{ key: 'free', value: 50 }, { key: 'premium', value: 1_000 }, { key: 'enterprise', value: 20_000 }], offVariant: 'free', defaultVariant: 'free',
      tiers: [{ id: 'premium', tier: 'premium', serve: to('premium') }, { id: 'enterprise', tier: 'enterprise', serve: to('enterprise') }],
    },
    chapters: [begin(180, 'Limits move out of the code.'), turnOn(179)],
    asked: [{ variant: 'free', reason: 'DEFAULT', from: 179, until: 0, perDay: 3_400 }, { variant: 'premium', reason: 'TARGETING_MATCH', from: 179, until: 0, perDay: 1_900 }, { variant: 'enterprise', reason: 'TARGETING_MATCH', from: 179, until: 0, perDay: 260 }],
  },
  {
    key: 'model-router',
    definition: {
      ...onOff('Model router', 'Which models a question may be sent to.', null), type: 'object', variants: [{ key: 'local', value: { providers: ['ollama'], fallback: false } }, { key: 'hybrid', value: { providers: ['ollama', 'cloud'], fallback: true } }], offVariant: 'local', defaultVariant: 'local',
      prerequisites: [{ flag: 'stream-responses', variants: ['on'] }],
      segments: [{ id: 'new-desktop', description: 'Desktop apps that can show where an answer came from.', conditions: [{ attribute: 'appVersion', operator: 'version_at_least', values: ['4.2.0'] }, { attribute: 'country', operator: 'not_in', values: ['FR'] }], serve: to('hybrid', 30) }],
    },
    chapters: [begin(24, 'Hybrid answers for the newest app.'), turnOn(22)],
    asked: [{ variant: 'local', reason: 'DEFAULT', from: 22, until: 0, perDay: 2_100 }, { variant: 'local', reason: 'DISABLED', from: 22, until: 0, perDay: 2_600 }, { variant: 'hybrid', reason: 'SPLIT', from: 22, until: 0, perDay: 380 }],
  },
  { key: 'maintenance-banner', definition: onOff('Maintenance banner', 'Tells users before a maintenance; stays in the code.', 100, { public: true, permanent: true }), chapters: [begin(170, 'So that support need not ask for a release.')], asked: [{ variant: 'off', reason: 'DISABLED', from: 170, until: 0, perDay: 6_800 }] },
  {
    key: 'bulk-export', definition: onOff('Bulk export', 'All conversations as one file.', null, { tiers: [{ id: 'enterprise', tier: 'enterprise', serve: to('on') }] }),
    chapters: [begin(40, 'Asked for by two enterprise customers.'), turnOn(38), { daysAgo: 4, change: 'state', reason: 'Exports of large accounts fill the disk.', by: 'ada', state: 'killed' }],
    asked: [{ variant: 'on', reason: 'TARGETING_MATCH', from: 38, until: 4, perDay: 60 }, { variant: 'off', reason: 'DISABLED', from: 4, until: 0, perDay: 75 }],
  },
  { key: 'legacy-sync', definition: onOff('Legacy sync', 'The old way of synchronising conversations.', 100), chapters: [begin(190, 'To move users over one by one.'), turnOn(189), widen(90, 15, 'Most users are on the new way.')], asked: [{ variant: 'on', reason: 'SPLIT', from: 90, until: 21, perDay: 140 }, { variant: 'off', reason: 'DEFAULT', from: 90, until: 21, perDay: 800 }] },
  {
    key: 'summer-banner', definition: onOff('Summer banner', 'The offer of the summer on the start page.', 100, { public: true }),
    chapters: [begin(130, 'For the campaign of the summer.'), turnOn(128), { daysAgo: 100, change: 'state', reason: 'The campaign is over.', by: 'system:flag-schedule', state: 'off' }, { daysAgo: 70, change: 'state', reason: 'It is out of the code.', by: 'ada', state: 'archived' }],
    asked: [{ variant: 'on', reason: 'STATIC', from: 128, until: 100, perDay: 2_500 }],
  },
];
