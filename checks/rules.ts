// The alert and recording rules, and their tests, as data.
import { files, yaml } from './files.ts';

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The noun of the file it stands in. */
  readonly noun: string;
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly ({ readonly alert: string } & Omit<Alert, 'noun'> | { readonly record: string; readonly expr: string })[] }[];
}

interface TestFile {
  readonly tests: readonly { readonly alert_rule_test?: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] | null }[] }[];
}

const rules = files('provisioning/prometheus/rules/*.yml').flatMap((file) =>
  (yaml(file) as RuleFile).groups.flatMap((group) => group.rules.map((rule) => ({ rule, noun: /([^/]+)\.yml$/.exec(file)?.[1] ?? '' }))),
);

export const alerts: readonly Alert[] = rules.flatMap(({ rule, noun }) => ('alert' in rule ? [{ ...rule, noun }] : []));
export const recordings = rules.flatMap(({ rule }) => ('record' in rule ? [rule] : []));
export const expressions: readonly string[] = rules.map(({ rule }) => rule.expr);

/** What the promtool tests say about each alert: how often it must fire, and how often it must be silent. */
export const expectations = files('provisioning/prometheus/tests/*.test.yml')
  .flatMap((file) => (yaml(file) as TestFile).tests.flatMap((test) => test.alert_rule_test ?? []))
  .map(({ alertname, exp_alerts }) => ({ alertname, fires: (exp_alerts ?? []).length > 0 }));
