// How recurring revenue got from where it was 30 days ago to where it is: the identity of D8 as steps.
export const GAINS = ['new', 'expansion', 'reactivation'] as const;
export const LOSSES = ['contraction', 'churn', 'paused'] as const;

export interface Step {
  readonly name: string;
  readonly kind: 'level' | 'gain' | 'loss';
  readonly from: number;
  readonly to: number;
}

/** Hosts without pauses see no step for them. @param amounts by component of `admincenter_mrr_amount`, in major units; empty without a total */
export function waterfallSteps(amounts: ReadonlyMap<string, number>): Step[] {
  const total = amounts.get('total');
  if (total === undefined) {
    return [];
  }
  const moves = [...GAINS.map((name) => ({ name, kind: 'gain' as const, by: amounts.get(name) ?? 0 })), ...LOSSES.map((name) => ({ name, kind: 'loss' as const, by: -(amounts.get(name) ?? 0) }))];
  const start = total - moves.reduce((sum, { by }) => sum + by, 0);
  let level = start;
  const shown = moves.filter(({ name, by }) => by !== 0 || name !== 'paused');
  const steps = shown.map(({ name, kind, by }) => {
    const step: Step = { name, kind, from: level, to: level + by };
    level = step.to;
    return step;
  });
  return [{ name: '30 days ago', kind: 'level', from: 0, to: start }, ...steps, { name: 'now', kind: 'level', from: 0, to: total }];
}

/** Lower end of the axis: zero would flatten the movements of a large business into lines. */
export function axisStart(steps: readonly Step[]): number {
  const ends = steps.flatMap(({ kind, from, to }) => (kind === 'level' ? [to] : [from, to]));
  const lowest = Math.min(...ends);
  const spread = Math.max(...ends) - lowest;
  return Math.max(0, lowest - spread * 0.5);
}
