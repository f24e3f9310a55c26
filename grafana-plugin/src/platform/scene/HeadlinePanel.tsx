// A headline tile: the number as a link to the people behind it, its change, and its trend along the bottom.
import { css, cx } from '@emotion/css';
import { LoadingState, type GrafanaTheme2, type PanelProps } from '@grafana/data';
import { GraphGradientMode } from '@grafana/schema';
import { Icon, Sparkline, TextLink, Tooltip, useStyles2, useTheme2 } from '@grafana/ui';
import { ApiError } from '../api-error.ts';
import { formatValue } from '../format.ts';
import { Empty, Failed, Loading } from '../states.tsx';
import type { Headline } from '../panel.ts';
import { change, headlineValues, type Change } from './headline-values.ts';

/** Below this width the two changes take a line each. */
const NARROW = 240;

export type HeadlineOptions = Pick<Headline, 'good' | 'change' | 'link' | 'decimals'>;

export function HeadlinePanel({ data, options, fieldConfig, width, height }: PanelProps<HeadlineOptions>) {
  const styles = useStyles2(getStyles);
  const { now, week, month, trend } = headlineValues(data.series);

  if (now === undefined) {
    if (data.state === LoadingState.Error) {
      return <Failed what="this number" error={new ApiError('failed', data.errors?.[0]?.message ?? 'Prometheus did not answer.')} compact />;
    }
    return data.state === LoadingState.Loading ? <Loading what="the number" compact /> : <Empty title="No data yet" compact />;
  }

  const text = formatValue(now, fieldConfig.defaults.unit ?? 'short', options.decimals);
  const showTrend = trend !== undefined && height > 80;
  return (
    <div className={styles.tile} style={{ width, height }}>
      <div>
        <Tooltip content={options.link.label}>
          <TextLink href={options.link.href} color="primary" inline={false} variant="h2" aria-label={`${text}. ${options.link.label}`}>
            {text}
          </TextLink>
        </Tooltip>
        <div className={styles.changes}>
          <ChangeText change={change(now, week, options)} since="7 days" />
          <ChangeText change={change(now, month, options)} since="30 days" />
        </div>
      </div>
      {showTrend && <Trend trend={trend} width={width} height={Math.min(48, height - (width < NARROW ? 76 : 60))} />}
    </div>
  );
}

const ICONS = { up: 'arrow-up', down: 'arrow-down', same: 'minus' } as const;

function ChangeText({ change: shown, since }: { change: Change | undefined; since: string }) {
  const styles = useStyles2(getStyles);
  if (!shown) {
    return null;
  }
  return (
    <span className={styles.change}>
      <span className={cx(shown.news === 'good' && styles.good, shown.news === 'bad' && styles.bad)}>
        <Icon name={ICONS[shown.direction]} size="sm" /> {shown.text}
      </span>{' '}
      in {since}
    </span>
  );
}

function Trend({ trend, width, height }: { trend: NonNullable<ReturnType<typeof headlineValues>['trend']>; width: number; height: number }) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.trend} aria-hidden>
      <Sparkline
        width={width}
        height={height}
        theme={theme}
        sparkline={{ y: trend.value, x: trend.time }}
        config={{ color: { mode: 'fixed', fixedColor: theme.colors.primary.main }, custom: { lineWidth: 1, fillOpacity: 20, gradientMode: GraphGradientMode.Opacity } }}
      />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  tile: css({ display: 'flex', flexDirection: 'column', justifyContent: 'space-between', overflow: 'hidden' }),
  changes: css({ display: 'flex', flexWrap: 'wrap', columnGap: theme.spacing(1.5), color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  change: css({ whiteSpace: 'nowrap' }),
  good: css({ color: theme.colors.success.text }),
  bad: css({ color: theme.colors.error.text }),
  trend: css({ lineHeight: 0 }),
});
