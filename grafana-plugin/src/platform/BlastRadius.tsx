// Who and what a write will touch, as its dry run reported it.
import { css } from '@emotion/css';
import type { BlastRadius as Radius, Slo } from '@admin-center/contracts/fields';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, useStyles2 } from '@grafana/ui';
import { formatAmounts, formatCount, formatValue, plural } from './format.ts';

const tierList = (tiers: Radius['tiers']): string =>
  Object.entries(tiers)
    .filter(([, count]) => count > 0)
    .map(([tier, count]) => `${formatCount(count)} ${tier}`)
    .join(', ');

const SLO_WORDS = { met: 'Kept', burning: 'Burning', unknown: 'Unknown, Prometheus does not say' } as const;
const budget = ({ state, errorRatio }: Slo): string => `${SLO_WORDS[state]}${errorRatio === null ? '' : ` (${formatValue(errorRatio, 'percentunit', 2)} of requests fail)`}`;

export function BlastRadius({ radius, more = [] }: { radius: Radius; more?: ReadonlyArray<readonly [string, string]> }) {
  const styles = useStyles2(getStyles);
  const facts: ReadonlyArray<readonly [string, string]> = [
    ['Touches', `${plural(radius.users, 'user')} (${tierList(radius.tiers) || 'no tier'})`],
    ['Recurring revenue', formatAmounts(radius.mrr, 'none')],
    ['Sessions that end', plural(radius.sessions, 'live session')],
    ...(radius.experiments.length === 0 ? [] : [['Running experiments', radius.experiments.join(', ')] as const]),
    ...(radius.slo === null ? [] : [['Error budget', budget(radius.slo)] as const]),
    ...more,
  ];
  return (
    <div>
      <dl className={styles.facts} aria-label="What this touches">
        {facts.map(([term, value]) => (
          <div key={term} className={styles.fact}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {radius.slo?.state === 'burning' && (
        <Alert severity="warning" title="The error budget is burning right now: what this change does will be hard to tell from what is going on." bottomSpacing={1} />
      )}
      {radius.warnings.map((warning) => (
        <Alert key={warning} severity="warning" title={warning} bottomSpacing={1} />
      ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  facts: css({ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(150px, 1fr))', gap: theme.spacing(1), margin: theme.spacing(1, 0, 2, 0) }),
  fact: css({
    padding: theme.spacing(1, 1.5),
    background: theme.colors.background.secondary,
    borderRadius: theme.shape.radius.default,
    dt: { color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, fontWeight: theme.typography.fontWeightRegular },
    dd: { margin: 0, fontWeight: theme.typography.fontWeightMedium },
  }),
});
