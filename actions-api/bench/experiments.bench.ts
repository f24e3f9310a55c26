// How often experiments without an effect raise a false alarm when they are looked at 200 times, and how many users a real
// one needs. Shares of 2,000 runs; FEATURES.md measured 40.4% for the peeked fixed test and 2.35% for the sequential one.
import { createDraw, simulate } from '../test/experiments-simulation.ts';
import { anytimeP } from '../src/capabilities/conversion/experiments/statistics/sample-ratio-anytime.ts';
import { ALERT_P } from '../src/capabilities/conversion/experiments/statistics/sample-ratio.ts';

export const name = 'Experiments: false alarms of peeking, and users until a broken ratio is found';

type Report = (row: Record<string, string | number>) => void;

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

export async function run(report: Report): Promise<void> {
  const runs = Number(process.env['BENCH_RUNS'] ?? 2_000);
  const same = simulate({ runs, users: 20_000, looks: 200, seed: 12_345 });
  report({ experiment: 'A/A, 20,000 users, 200 looks', 'fixed test, peeked': percent(same.fixedPeeked), 'fixed test, at the end': percent(same.fixedAtEnd), 'sequential interval, peeked': percent(same.sequentialPeeked) });
  report({ experiment: 'A/A, sample ratio at p < 0.001', 'chi-square, peeked': percent(same.ratioChiSquarePeeked), 'anytime-valid, peeked': percent(same.ratioAnytimePeeked) });
  const better = simulate({ runs: Math.ceil(runs / 10), users: 20_000, looks: 200, seed: 54_321, rates: [0.1, 0.12] });
  report({ experiment: '10% against 12%, 20,000 users', 'sequential interval finds it': percent(better.sequentialPeeked), 'fixed test at the end finds it': percent(better.fixedAtEnd) });
  for (const share of [0.52, 0.51]) {
    report({ experiment: `sample ratio of ${Math.round(share * 100)}/${Math.round((1 - share) * 100)}`, 'median users until the alert': medianUntilAlert(share, 101) });
  }
}

function medianUntilAlert(share: number, runs: number): number {
  const draw = createDraw(777);
  const needed = Array.from({ length: runs }, () => {
    let [users, first, p] = [0, 0, 1];
    while (p >= ALERT_P && users < 500_000) {
      for (let user = 0; user < 100; user += 1) {
        first += Number(draw() < share);
      }
      users += 100;
      p = anytimeP([{ count: first, weight: 1 }, { count: users - first, weight: 1 }], p);
    }
    return users;
  });
  return needed.sort((x, y) => x - y)[Math.floor(runs / 2)] ?? 0;
}
