// One turn of the worker that guards ramps: takes back what an alert names, asks the guardrails, moves each ramp by its
// rules. What changes a flag is audited as done by the system, with query, value and sample (M2).
import type { Logger } from '@admin-center/platform/log';
import type { Recorder } from '../../../platform/audited.ts';
import { type Database, readSnapshot } from '../../../platform/database.ts';
import { conflict } from '../../../platform/errors.ts';
import { asLeader, type ConfirmLead } from '../../../platform/jobs/leader.ts';
import { systemActor } from '../../../platform/system-actor.ts';
import { findFlag } from '../store.ts';
import { type AlertOutcome, markHandled, type PendingAlert, readPending } from '../webhooks/store.ts';
import type { Guard } from './measure.ts';
import { evaluate, type Finding, gapMax, isGuarded, type Move, type Ramp, rollBack, type Step } from './ramp.ts';
import { overriddenBy } from './ramp-change.ts';
import { keptOf, lockStanding, moveRamp, readStanding, type Standing } from './standing.ts';
import { keepFindings, readGuarded, writeRamp } from './store.ts';

export interface GuardParts {
  readonly database: Database;
  readonly recorder: Recorder;
  readonly guard: Guard;
  /** Of evaluations. A turn that comes earlier, as for an alert, must not find the same numbers bad a second time. */
  readonly intervalMs: number;
  /** How long a turn may hang before another replica takes over. */
  readonly leadMs: number;
  /** The database's clock: replicas whose own are off must not take their difference for time that a step was held. */
  readonly now: () => Promise<Date>;
  readonly log: Logger;
}

interface TurnParts extends GuardParts {
  /** Before each write: what a worker measured before it hung is no ground to move anything on. */
  readonly confirm: ConfirmLead;
}

const BY = 'guardrails';
const READ_MS = 5_000;

/** @returns false when another replica is at it */
export const guardRamps = (parts: GuardParts): Promise<boolean> =>
  asLeader(parts.database, BY, async (confirm) => {
    const { database, intervalMs, now, log } = parts;
    const turn = { ...parts, confirm };
    const attempt = (flag: string, work: () => Promise<void>): Promise<void> =>
      work().catch((err: unknown) => log.warn({ err, flag }, 'a ramp could not be moved; the next turn tries again'));
    for (const alert of await readPending(database)) {
      await attempt(alert.flag, () => obey(turn, alert));
    }
    const time = await now();
    const due = await readGuarded(database, new Date(time.getTime() - intervalMs / 2));
    const measured = await Promise.all(due.map((flag) => measure(turn, flag, time)));
    for (const each of measured) {
      await attempt(each.standing.flag.key, () => settle(turn, each));
    }
  }, parts.leadMs);

interface Measured {
  readonly standing: Standing;
  readonly findings: readonly Finding[];
  readonly at: Date;
  readonly gapMaxMs: number;
}

/** Holds no lock: Prometheus may take its time. */
async function measure({ database, guard, intervalMs, now }: GuardParts, key: string, time: Date): Promise<Measured> {
  const standing = await readSnapshot(database, READ_MS, (tx) => readStanding(tx, key));
  const subject = { flag: key, variant: standing.ramp?.variant ?? '' };
  const measured = await Promise.all(standing.flag.definition.guardrails.map((guardrail) => guard.measure(subject, guardrail, time)));
  return { standing, findings: measured.map(({ finding }) => finding), at: await now(), gapMaxMs: gapMax(intervalMs) };
}

type Decision = Move | { readonly kind: 'end'; readonly ramp: Ramp } | { readonly kind: 'pass' };

/** What was measured, applied to the flag as it is by now. */
function decide({ standing, findings, at, gapMaxMs }: Measured, { flag, ramp }: Standing): Decision {
  if (ramp === null || !isGuarded(ramp)) {
    return { kind: 'pass' };
  }
  const overriding = overriddenBy(flag, ramp);
  if (overriding !== null) {
    return { kind: 'end', ramp: { ...ramp, state: 'aborted', suspected: [], message: overriding } };
  }
  const move = evaluate(ramp, findings, at, gapMaxMs);
  // A rollback goes on top of whatever else was changed meanwhile. To go on, the flag must be the one that was measured.
  return move.kind === 'roll_back' || isSame(standing, { flag, ramp }) ? move : { kind: 'pass' };
}

const isSame = (left: Standing, right: Standing): boolean => left.flag.version === right.flag.version && JSON.stringify(left.ramp) === JSON.stringify(right.ramp);

async function settle(parts: TurnParts, measured: Measured): Promise<void> {
  const { flag: { key } } = measured.standing;
  const expected = decide(measured, measured.standing);
  if (expected.kind === 'advance' || expected.kind === 'roll_back') {
    await carryOut(parts, measured, expected);
    return;
  }
  await parts.database.transaction().execute(async (tx) => {
    const decision = decide(measured, await lockStanding(tx, key));
    await parts.confirm();
    await keepFindings(tx, key, measured.findings, measured.at);
    // Anything else is for the next turn, which measures what is there now.
    if (decision.kind === 'stay' || decision.kind === 'end') {
      await writeRamp(tx, key, decision.ramp);
    }
  });
}

/** The two moves that change what users are served. */
async function carryOut({ recorder, confirm, log }: TurnParts, measured: Measured, expected: Extract<Move, { kind: 'advance' | 'roll_back' }>): Promise<void> {
  const { key } = measured.standing.flag;
  const reason = expected.kind === 'roll_back' ? `${expected.finding.guardrail}: ${expected.finding.why}` : goingOn(measured.standing.ramp as Ramp);
  await recorder.auditedBySystem({
    by: BY,
    action: expected.kind === 'roll_back' ? 'flags.rollback' : 'flags.ramp',
    target: { type: 'flag', id: key },
    log,
    reason,
    read: (tx) => lockStanding(tx, key),
    async run(tx, standing) {
      const decision = decide(measured, standing);
      if (decision.kind !== expected.kind) {
        throw conflict('ramp_overtaken', `A change of ${key} came first, so the ramp was left alone.`);
      }
      const { ramp, percentage } = decision as typeof expected;
      await confirm();
      await keepFindings(tx, key, measured.findings, measured.at);
      await moveRamp(tx, standing, ramp, percentage, { actor: systemActor(BY), reason });
    },
    keep({ before, after }) {
      const kept = keptOf(before, after);
      return expected.kind === 'roll_back' ? { ...kept, after: { ...kept.after, ...evidenceOf(expected.finding, before) } } : kept;
    },
  });
  if (expected.kind === 'roll_back') {
    log.warn({ flag: key, guardrail: expected.finding.guardrail, value: expected.finding.value }, 'a ramp was rolled back');
  }
}

const goingOn = ({ step, steps, approvedStep }: Ramp): string =>
  `Step ${step + 1} of ${steps.length} was held for ${(steps[step] as Step).holdMinutes} minutes with every guardrail kept; a person approved up to step ${approvedStep + 1}.`;

/** JSON has no infinity. */
const plain = (value: number | null): number | string | null => (value === null || Number.isFinite(value) ? value : String(value));

function evidenceOf({ guardrail, query, value, sample, why }: Finding, { flag }: Standing): Record<string, unknown> {
  const rule = flag.definition.guardrails.find(({ name }) => name === guardrail);
  return { guardrail, query, value: plain(value), sample: plain(sample), ...(rule === undefined ? {} : { comparison: rule.comparison, threshold: rule.threshold }), why };
}

/** An alert that names the flag of a ramp takes it back at once: who sent it has judged already. */
async function obey({ database, recorder, confirm, now: readTime, log }: TurnParts, alert: PendingAlert): Promise<void> {
  const isFlag = (await findFlag(database, alert.flag)) !== null;
  const obstacle = isFlag ? obstacleOf(await readSnapshot(database, READ_MS, (tx) => readStanding(tx, alert.flag)), alert) : 'no_flag';
  if (obstacle !== null) {
    await confirm();
    await markHandled(database, alert.id, obstacle);
    return;
  }
  const why = `${alert.alertName} fires at ${alert.provider}. ${alert.summary}`.trim();
  const finding: Finding = { guardrail: 'alert', state: 'violation', query: `ALERTS{alertname=${JSON.stringify(alert.alertName)}}`, value: null, sample: null, why };
  await recorder.auditedBySystem({
    by: BY,
    action: 'flags.rollback',
    target: { type: 'flag', id: alert.flag },
    log,
    reason: why,
    read: (tx) => lockStanding(tx, alert.flag),
    async run(tx, now) {
      if (obstacleOf(now, alert) !== null || !(await markHandled(tx, alert.id, 'rolled_back'))) {
        throw conflict('ramp_overtaken', `A change of ${alert.flag} came first, so the ramp was left alone.`);
      }
      const { ramp, percentage } = rollBack(now.ramp as Ramp, finding, await readTime());
      await confirm();
      await moveRamp(tx, now, ramp, percentage, { actor: systemActor(BY), reason: why });
    },
    keep({ before, after }) {
      const kept = keptOf(before, after);
      return { ...kept, after: { ...kept.after, ...evidenceOf(finding, before), provider: alert.provider, startsAt: alert.startsAt.toISOString() } };
    },
  });
  log.warn({ flag: alert.flag, alert: alert.alertName, provider: alert.provider }, 'a ramp was rolled back by an alert');
}

function obstacleOf({ flag, ramp }: Standing, { variant }: PendingAlert): Exclude<AlertOutcome, 'rolled_back' | 'no_flag'> | null {
  if (ramp === null || !isGuarded(ramp) || overriddenBy(flag, ramp) !== null) {
    return 'no_ramp';
  }
  return variant === null || variant === ramp.variant ? null : 'other_variant';
}
