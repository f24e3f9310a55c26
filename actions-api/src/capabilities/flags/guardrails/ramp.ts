// The rules of a ramp, pure: where it stands, what its guardrails say and what time it is give the next move. By itself
// it moves up only as far as a person approved, and down on a violation that two evaluations saw.
import type { RampStatus } from '@admin-center/contracts/flags-ramp';
import type { Verdict } from './judge.ts';

export interface Step {
  readonly percentage: number;
  readonly holdMinutes: number;
}

export type RampState = Exclude<RampStatus['state'], 'idle'>;

export interface Ramp {
  readonly state: RampState;
  readonly variant: string;
  /** The plan as it was when a person started it: a later edit approves nothing. */
  readonly steps: readonly Step[];
  readonly step: number;
  readonly approvedStep: number;
  readonly stepStartedAt: Date;
  /** Time of this step between two evaluations that both found every guardrail kept. */
  readonly heldMs: number;
  readonly percentageBefore: number;
  /** The guardrails that the last evaluation which could judge them found violated. */
  readonly suspected: readonly string[];
  readonly evaluatedAt: Date | null;
  readonly message: string | null;
  /** What rolled it back: a guardrail's name, or `alert`. */
  readonly breachedBy: string | null;
}

export interface Finding extends Verdict {
  readonly guardrail: string;
  /** As it was asked. */
  readonly query: string;
}

export type Move =
  | { readonly kind: 'stay'; readonly ramp: Ramp }
  | { readonly kind: 'advance'; readonly ramp: Ramp; readonly percentage: number }
  | { readonly kind: 'roll_back'; readonly ramp: Ramp; readonly percentage: number; readonly finding: Finding };

/** A longer silence between two evaluations is an outage of the worker, and nobody guarded meanwhile. */
const GAP_MAX_MS = 60_000;

/** Where evaluations are further apart anyway, one that is late is no outage. */
export const gapMax = (intervalMs: number): number => Math.max(GAP_MAX_MS, 2 * intervalMs);
const GUARDED: readonly RampState[] = ['running', 'held', 'waiting', 'paused'];

/** Whether its guardrails are evaluated. */
export const isGuarded = ({ state }: Pick<Ramp, 'state'>): boolean => GUARDED.includes(state);

/** @param ramp one that is guarded */
export function evaluate(ramp: Ramp, findings: readonly Finding[], now: Date, gapMaxMs = GAP_MAX_MS): Move {
  const violated = findings.filter(({ state }) => state === 'violation');
  const unjudged = findings.filter(({ state }) => state === 'hold');
  const confirmed = violated.find(({ guardrail }) => ramp.suspected.includes(guardrail));
  if (confirmed !== undefined) {
    return rollBack(ramp, confirmed, now);
  }
  // Missing data does not clear a suspicion.
  const suspected = [...violated, ...unjudged.filter(({ guardrail }) => ramp.suspected.includes(guardrail))].map(({ guardrail }) => guardrail);
  const seen: Ramp = { ...ramp, suspected, evaluatedAt: now };
  if (ramp.state === 'paused') {
    return { kind: 'stay', ramp: seen };
  }
  const [troubling] = [...violated, ...unjudged];
  if (troubling !== undefined) {
    const after = violated.length > 0 ? ' If the next evaluation says so too, the ramp is rolled back.' : '';
    return { kind: 'stay', ramp: { ...seen, state: 'held', message: `${troubling.guardrail}: ${troubling.why}${after}` } };
  }
  const elapsed = ramp.state === 'held' || ramp.evaluatedAt === null ? 0 : now.getTime() - ramp.evaluatedAt.getTime();
  return goOn({ ...seen, heldMs: ramp.heldMs + (elapsed > gapMaxMs ? 0 : Math.max(0, elapsed)) }, now);
}

/** Every guardrail is kept: the step ends when it was held for long enough, and the next one when it is approved. */
function goOn(ramp: Ramp, now: Date): Move {
  const { steps, step, approvedStep } = ramp;
  if (ramp.heldMs < (steps[step] as Step).holdMinutes * 60_000) {
    return { kind: 'stay', ramp: { ...ramp, state: 'running', message: null } };
  }
  if (step === steps.length - 1) {
    return { kind: 'stay', ramp: { ...ramp, state: 'done', message: null } };
  }
  if (step < approvedStep) {
    return advance(ramp, now);
  }
  return { kind: 'stay', ramp: { ...ramp, state: 'waiting', message: `Step ${step + 1} of ${steps.length} was held to its end. The next one, to ${(steps[step + 1] as Step).percentage}%, needs a person.` } };
}

/** @param ramp one that has a next step */
export function advance(ramp: Ramp, now: Date): Extract<Move, { kind: 'advance' }> {
  const step = ramp.step + 1;
  return { kind: 'advance', percentage: (ramp.steps[step] as Step).percentage, ramp: { ...ramp, state: 'running', step, stepStartedAt: now, heldMs: 0, evaluatedAt: now, message: null } };
}

/** A violation, or an alert, ends the ramp and takes its flag back to where it was. */
export const rollBack = (ramp: Ramp, finding: Finding, now: Date): Extract<Move, { kind: 'roll_back' }> => ({
  kind: 'roll_back',
  percentage: ramp.percentageBefore,
  finding,
  ramp: { ...ramp, state: 'rolled_back', suspected: [], evaluatedAt: now, breachedBy: finding.guardrail, message: `Rolled back to ${ramp.percentageBefore}% by ${finding.guardrail}: ${finding.why}` },
});
