// A flag in a rollout, for tests.
import type { FlagDetail, FlagPreview, FlagSummary, FlagVersion } from '@admin-center/contracts/flags';
import type { FlagDefinition } from '@admin-center/contracts/flags-definition';
import { RADIUS } from './fixtures.ts';

export const ROLLOUT: FlagDefinition = {
  name: 'Faster upload',
  description: 'Uploads in parallel.',
  type: 'boolean',
  public: false,
  permanent: false,
  variants: [
    { key: 'on', value: true, description: '' },
    { key: 'off', value: false, description: '' },
  ],
  offVariant: 'off',
  defaultVariant: 'off',
  prerequisites: [],
  schedule: { from: null, until: null },
  users: [],
  segments: [],
  tiers: [],
  rollout: { percentage: 10, split: [{ variant: 'on', weight: 1 }] },
  guardrails: [],
  ramp: null,
  experiment: null,
};

const KEY = 'faster-upload';
const ADA = { name: 'ada@acme.example', kind: 'admin' } as const;

export const SUMMARY: FlagSummary = {
  key: KEY,
  name: ROLLOUT.name,
  description: ROLLOUT.description,
  type: 'boolean',
  state: 'on',
  lifecycle: 'live',
  public: false,
  permanent: false,
  version: 3,
  variants: ['on', 'off'],
  percentage: 10,
  ramp: null,
  experiment: null,
  evaluations24h: 12_345,
  lastEvaluatedAt: '2026-11-22T11:59:00.000Z',
  createdAt: '2026-11-01T08:00:00.000Z',
  updatedAt: '2026-11-20T08:00:00.000Z',
};

export const DETAIL: FlagDetail = {
  key: KEY,
  name: ROLLOUT.name,
  description: ROLLOUT.description,
  type: 'boolean',
  state: 'on',
  lifecycle: 'live',
  public: false,
  permanent: false,
  version: 3,
  percentage: 10,
  lastEvaluatedAt: SUMMARY.lastEvaluatedAt,
  createdAt: SUMMARY.createdAt,
  updatedAt: SUMMARY.updatedAt,
  salt: 'salt-1',
  definition: ROLLOUT,
  ramp: null,
  experiment: null,
  usage: { firstEvaluatedAt: '2026-11-02T08:00:00.000Z', lastEvaluatedAt: SUMMARY.lastEvaluatedAt, variants: [{ variant: 'on', evaluations: 1234, lastEvaluatedAt: '2026-11-22T11:59:00.000Z' }], days: [] },
  planned: [],
  dependents: [],
  updatedBy: ADA,
  staleReason: null,
};

export const PREVIEW: FlagPreview = {
  ...RADIUS,
  users: 150,
  sessions: 0,
  evaluated: 1000,
  before: [{ variant: 'on', users: 100 }, { variant: 'off', users: 900 }],
  after: [{ variant: 'on', users: 250, sample: [] }, { variant: 'off', users: 750, sample: [] }],
  whenOn: null,
  moves: [{ from: 'off', to: 'on', users: 150 }],
  unknownAttributes: [],
  diff: [],
  token: 'token-1',
};

export const version = (number: number, definition: FlagDefinition, more: Partial<FlagVersion> = {}): FlagVersion => ({
  version: number,
  at: `2026-11-${10 + number}T08:00:00.000Z`,
  by: ADA,
  change: 'update',
  reason: `Reason of version ${number}`,
  state: 'on',
  definition,
  diff: [],
  revertedTo: null,
  auditSequence: 100 + number,
  ...more,
});
