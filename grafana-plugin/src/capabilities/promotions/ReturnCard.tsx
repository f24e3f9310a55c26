// What a campaign brought for what it cost (D20). Without a hold-out that is all its redeemers paid, not what they paid
// because of it, and the card says so before it says a number.
import { css } from '@emotion/css';
import { promotions, type CampaignAnalytics } from '@admin-center/contracts/promotions';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, Badge, Stack, Text, useStyles2 } from '@grafana/ui';
import { Facts } from '../../platform/Facts.tsx';
import { formatMoney, formatValue, plural } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';

type Return = CampaignAnalytics['returns'][number];
type Arm = Return['treated'];

const percent = (ratio: number | null, none: string): string => (ratio === null ? none : formatValue(ratio, 'percentunit', 1));
const armText = ({ users, payers, revenueMinor }: Arm, currency: string): string => `${plural(users, 'user')}, ${payers} paid ${formatMoney(revenueMinor, currency)}`;

export function ReturnCard({ campaignId, tick }: { campaignId: string; tick?: unknown }) {
  const result = useApi(promotions.endpoints.campaignAnalytics, { params: { campaignId } });
  useReload(result.reload, tick);
  return (
    <Loaded result={result} what="the return" compact>
      {(analytics) => <Returns analytics={analytics} />}
    </Loaded>
  );
}

function Returns({ analytics: { basis, returns, byDay } }: { analytics: CampaignAnalytics }) {
  const styles = useStyles2(getStyles);
  if (returns.length === 0) {
    return <Empty title="Nothing was redeemed yet" compact />;
  }
  return (
    <Stack direction="column" gap={2}>
      {basis === 'attributed' && (
        <Alert severity="warning" title="Attributed, not incremental" bottomSpacing={0}>
          There is no hold-out to compare with: this is all that redeemers paid, and some would have paid anyway.
        </Alert>
      )}
      <div className={styles.returns}>
        {returns.map((each) => (
          <Currency key={each.currency} basis={basis} value={each} />
        ))}
      </div>
      <Days byDay={byDay} />
    </Stack>
  );
}

function Currency({ basis, value }: { basis: CampaignAnalytics['basis']; value: Return }) {
  const { currency, roi, marginMinor, discountMinor, rewardMinor, treated, holdout, cannibalisedShare } = value;
  return (
    <Stack direction="column" gap={1}>
      <Stack direction="row" gap={1} alignItems="center">
        <Text element="h3" variant="h3">
          {percent(roi, discountMinor + rewardMinor === 0 ? 'nothing spent' : 'not known yet')}
        </Text>
        <Badge text={basis} color={basis === 'incremental' ? 'green' : 'orange'} />
        <Text color="secondary">return in {currency}</Text>
      </Stack>
      <Facts
        label={`Return in ${currency}`}
        facts={[
          [basis === 'incremental' ? 'Margin gained' : 'Margin attributed', marginMinor === null ? 'not known: nobody is in the hold-out yet' : formatMoney(marginMinor, currency)],
          ['Discounts', formatMoney(discountMinor, currency)],
          ['Rewards', formatMoney(rewardMinor, currency)],
          ['Offered to', armText(treated, currency)],
          ['Left out', holdout.users === 0 ? 'nobody' : armText(holdout, currency)],
          ['Had paid before', percent(cannibalisedShare, 'not known')],
        ]}
      />
    </Stack>
  );
}

/** Bars for the eye; the table behind a graph is the list of redemptions. */
function Days({ byDay }: { byDay: CampaignAnalytics['byDay'] }) {
  const styles = useStyles2(getStyles);
  const most = Math.max(1, ...byDay.map(({ redemptions }) => redemptions));
  if (byDay.length < 2) {
    return null;
  }
  return (
    <figure className={styles.days}>
      <div aria-hidden>
        {byDay.map(({ day, redemptions }) => (
          <span key={day} title={`${day}: ${plural(redemptions, 'redemption')}`} style={{ height: `${(redemptions / most) * 100}%` }} />
        ))}
      </div>
      <figcaption>
        Redemptions by day, {byDay[0]?.day} to {byDay[byDay.length - 1]?.day}; {plural(most, 'redemption')} on the busiest.
      </figcaption>
    </figure>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  returns: css({ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(300px, 1fr))', gap: theme.spacing(3) }),
  days: css({
    margin: 0,
    '& > div': { display: 'flex', alignItems: 'flex-end', gap: 1, height: theme.spacing(8) },
    '& > div > span': { flex: '1 1 0', minHeight: 1, background: theme.colors.primary.main, borderRadius: 1 },
    figcaption: { color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize },
  }),
});
