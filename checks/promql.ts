// The metrics a PromQL expression selects, by Prometheus's own grammar.
import { parser } from '@prometheus-io/lezer-promql';

const IDENTIFIER = 'Identifier';
const ERROR = '⚠';

/** Grafana's variables are not PromQL; each is replaced by something of its kind. */
const withoutVariables = (expression: string): string =>
  expression
    .replaceAll(/\[\$\{?\w+(:\w+)?\}?\]/g, '[5m]')
    .replaceAll(/offset \$\{?\w+(:\w+)?\}?/g, 'offset 1w')
    .replaceAll(/\$\{?\w+(:\w+)?\}?/g, 'x');

/** @throws Error when the expression is not PromQL */
export function metricsOf(expression: string): string[] {
  const text = withoutVariables(expression);
  const names = new Set<string>();
  parser.parse(text).iterate({
    enter: ({ name, from, to, node }) => {
      if (name === ERROR) {
        throw new Error(`not PromQL at "${text.slice(Math.max(0, from - 20), to + 20)}": ${expression}`);
      }
      if (name === IDENTIFIER && node.parent?.name === 'VectorSelector') {
        names.add(text.slice(from, to));
      }
    },
  });
  return [...names];
}
