// How much of a campaign's budget is spent, as a bar and in figures, one per currency.
import type { Campaign } from '@admin-center/contracts/promotions';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { formatMoney } from '../../platform/format.ts';

export function Budget({ campaign }: { campaign: Pick<Campaign, 'name' | 'budgets'> }) {
  const styles = useStyles2(getStyles);
  if (campaign.budgets.length === 0) {
    return <>no cap</>;
  }
  return (
    <div className={styles.bars}>
      {campaign.budgets.map(({ currency, limitMinor, spentMinor }) => (
        <div key={currency}>
          <span>
            {formatMoney(spentMinor, currency)} of {formatMoney(limitMinor, currency)}
          </span>
          <meter className={styles.meter} aria-label={`Budget of ${campaign.name} spent, ${currency}`} min={0} max={limitMinor} high={limitMinor * 0.8} optimum={0} value={spentMinor} />
        </div>
      ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bars: css({ display: 'grid', gap: theme.spacing(0.5), minWidth: '20ch', '& > div': { display: 'flex', flexDirection: 'column' } }),
  meter: css({
    width: '100%',
    height: theme.spacing(0.75),
    '&::-webkit-meter-bar': { height: theme.spacing(0.75), background: theme.colors.background.secondary, border: `1px solid ${theme.colors.border.medium}`, borderRadius: theme.shape.radius.pill },
    '&::-webkit-meter-optimum-value': { background: theme.colors.primary.main, borderRadius: theme.shape.radius.pill },
    '&::-webkit-meter-suboptimum-value': { background: theme.colors.warning.main, borderRadius: theme.shape.radius.pill },
  }),
});
