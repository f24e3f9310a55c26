// Where a flag's ramp stands, as its page shows it.
import type { FlagDefinition } from '@admin-center/contracts/flags-definition';
import type { RampStatus } from '@admin-center/contracts/flags-ramp';
import type { Queryable } from '../../../platform/database.ts';
import { readNewest, readRamp } from './store.ts';

const IDLE: RampStatus = { state: 'idle', step: null, approvedStep: null, stepStartedAt: null, heldSeconds: 0, percentageBefore: null, message: null, guardrails: [] };

/** @returns null for a flag that neither has a plan of a ramp nor ever had a ramp */
export async function readRampStatus(database: Queryable, flag: string, definition: Pick<FlagDefinition, 'ramp' | 'guardrails'>): Promise<RampStatus | null> {
  const ramp = await readRamp(database, flag);
  if (ramp === null) {
    return definition.ramp === null ? null : IDLE;
  }
  return {
    state: ramp.state,
    step: ramp.step,
    approvedStep: ramp.approvedStep,
    stepStartedAt: ramp.stepStartedAt.toISOString(),
    heldSeconds: Math.floor(ramp.heldMs / 1_000),
    percentageBefore: ramp.percentageBefore,
    message: ramp.message,
    // What was taken out since is history.
    guardrails: (await readNewest(database, flag)).filter(({ guardrail }) => definition.guardrails.some(({ name }) => name === guardrail)),
  };
}
