// How a person starts, promotes, pauses and ends a ramp: previewed, held to the version they saw, approved by a second
// admin where it touches many, audited.
import { blastRadius } from '@admin-center/contracts/fields';
import type { FlagDetail, FlagPreview } from '@admin-center/contracts/flags';
import type { RampChange } from '@admin-center/contracts/flags-ramp';
import { requireApproval } from '../../../platform/approvals.ts';
import type { Work, WriteContract } from '../../../platform/audited.ts';
import { previewToken, requireSamePreview } from '../../../platform/blast-radius.ts';
import type { RequestContext } from '../../../platform/context.ts';
import { type Database, databaseTime, readSnapshot, type Tx } from '../../../platform/database.ts';
import type { Services } from '../../../platform/services.ts';
import { readSlo } from '../../../platform/slo.ts';
import { readDetail } from '../detail.ts';
import { previewOf } from '../preview.ts';
import { PREVIEW_MS, requireVersion, type Written } from '../service.ts';
import { readFlags } from '../store.ts';
import type { Step } from './ramp.ts';
import { changeRamp, percentageOf, type RampOutcome, withPercentage } from './ramp-change.ts';
import { keptOf, lockStanding, moveRamp, readStanding, type Standing } from './standing.ts';

type Parts = Pick<Services, 'config' | 'clock'>;

export interface RampRequest {
  readonly reason: string;
  readonly previewToken?: string | undefined;
  readonly version: number;
}

/** @throws AppError where the change would be refused */
export async function previewRampChange(database: Database, parts: Parts, key: string, change: RampChange): Promise<FlagPreview> {
  const preview = readSnapshot(database, PREVIEW_MS, async (tx) => {
    const standing = await readStanding(tx, key);
    return (await previewRamp(tx, parts, standing, changeRamp(standing.flag, standing.ramp, change, await databaseTime(tx)), change)).preview;
  });
  const [touched, slo] = await Promise.all([preview, readSlo(parts.config)]);
  return { ...touched, slo };
}

/** What is weighed is all that the person approves, not just what is served at once. */
async function previewRamp(tx: Tx, { config, clock }: Parts, { flag }: Standing, { ramp, percentage }: RampOutcome, change: RampChange): Promise<{ preview: FlagPreview; fingerprint: string }> {
  const approves = change.kind === 'start' || change.kind === 'promote';
  const reached = approves ? (ramp.steps[ramp.approvedStep] as Step).percentage : (percentage ?? percentageOf(flag.definition));
  const next = { state: flag.state, experimentState: flag.experimentState, definition: withPercentage(flag.definition, ramp.variant, reached) };
  const { preview, fingerprint: served } = await previewOf(tx, config, { key: flag.key, salt: flag.salt, current: flag, next, all: await readFlags(tx) }, clock());
  const fingerprint = previewToken([served, change]);
  const now = percentage ?? percentageOf(flag.definition);
  const warnings = approves
    ? [
        ...(now < reached ? [`${now}% is served at once; up to ${reached}% follows by itself while every guardrail is kept.`] : []),
        ...(flag.definition.guardrails.length === 0 ? ['This flag has no guardrail: nothing takes the ramp back by itself.'] : []),
        ...(flag.definition.guardrails.length > 0 && config.PROMETHEUS_URL === undefined ? ['PROMETHEUS_URL is not set, so no guardrail can be judged and the ramp never moves by itself.'] : []),
      ]
    : [];
  return {
    fingerprint,
    // Taking something back must not fail because somebody signed up meanwhile, nor wait for a second admin.
    preview: { ...preview, approval: approves ? preview.approval : 'not_needed', warnings: [...warnings, ...preview.warnings], token: approves ? previewToken([preview.token, change]) : fingerprint },
  };
}

export const workOnRamp = (parts: Parts, context: RequestContext<WriteContract>, key: string, change: RampChange, request: RampRequest): Work<Standing, FlagDetail, Written> => ({
  reason: request.reason,
  read: (tx) => lockStanding(tx, key),
  async run(tx, standing) {
    await requireVersion(tx, key, standing.flag, request.version);
    // By the clock that evaluations are timed with.
    const outcome = changeRamp(standing.flag, standing.ramp, change, await databaseTime(tx));
    const { preview, fingerprint } = await previewRamp(tx, parts, standing, outcome, change);
    requireSamePreview(preview, request.previewToken);
    if (preview.approval === 'needed') {
      await requireApproval(tx, context, { action: context.contract.audit, target: { type: 'flag', id: key }, fingerprint, summary: sentenceOf(key, outcome), radius: blastRadius.parse(preview) });
    }
    await moveRamp(tx, standing, outcome.ramp, outcome.percentage, { actor: context.actor, reason: request.reason });
    return readDetail(tx, key);
  },
  keep({ before, after }) {
    const kept = keptOf(before, after);
    return { ...kept, after: { ...kept.after, change: change.kind } };
  },
  respond: ({ result: flag }, auditSequence) => ({ flag, auditSequence, message: doneOf(flag, change) }),
});

const sentenceOf = (key: string, { ramp: { steps, approvedStep } }: RampOutcome): string =>
  `Ramp the flag ${key} up to ${(steps[approvedStep] as Step).percentage}%, as long as its guardrails are kept.`;

function doneOf({ key, percentage }: FlagDetail, change: RampChange): string {
  switch (change.kind) {
    case 'start': return `The ramp of ${key} is under way with ${percentage ?? 0}%.`;
    case 'promote': return `The ramp of ${key} is approved further; it serves ${percentage ?? 0}% now.`;
    case 'pause': return `The ramp of ${key} stays where it is.`;
    case 'resume': return `The ramp of ${key} goes on.`;
    case 'abort': return `The ramp of ${key} is ended; ${percentage ?? 0}% are served.`;
  }
}
