// A funnel in a dashboard panel: its own permissions and states, the same bars and drill-down as on the Conversion page, for
// the dashboard's time range.
import { css } from '@emotion/css';
import type { GrafanaTheme2, PanelProps } from '@grafana/data';
import { conversion } from '@admin-center/contracts/conversion';
import { LinkButton, useStyles2 } from '@grafana/ui';
import { type Breakdown, FunnelView } from '../../capabilities/conversion/funnels/FunnelView.tsx';
import { Gate } from '../../platform/Gate.tsx';
import { Loaded } from '../../platform/Loaded.tsx';
import { MeProvider } from '../../platform/me.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { pageUrl } from '../../routes.ts';

export interface FunnelPanelOptions {
  /** Key; empty for the first funnel there is. */
  funnel: string;
  breakdown: Breakdown;
  withTime: boolean;
}

export function FunnelPanel({ options, width, height, data }: PanelProps<FunnelPanelOptions>) {
  const styles = useStyles2(getStyles);
  const { from, to } = data.timeRange;
  const days = { from: from.toISOString().slice(0, 10), to: to.toISOString().slice(0, 10), tick: to.valueOf() };
  return (
    <div className={styles.panel} style={{ width, height }}>
      <MeProvider>
        <Gate permission="conversion:read" what="The funnel" compact>
          {options.funnel === '' ? <First {...days} options={options} /> : <Funnel {...days} options={options} funnelKey={options.funnel} />}
        </Gate>
      </MeProvider>
    </div>
  );
}

interface Props {
  readonly options: FunnelPanelOptions;
  readonly from: string;
  readonly to: string;
  readonly tick: number;
}

function First(props: Props) {
  const result = useApi(conversion.endpoints.listFunnels, { query: { limit: 1 } });
  return (
    <Loaded result={result} what="the funnels" compact>
      {({ items: [first] }) => (first === undefined ? <Empty title="No funnels yet" compact /> : <Funnel {...props} funnelKey={first.key} />)}
    </Loaded>
  );
}

function Funnel({ options, funnelKey, ...days }: Props & { readonly funnelKey: string }) {
  const everywhere = new URLSearchParams({ tab: 'funnels', funnel: funnelKey, breakdown: options.breakdown });
  return (
    <FunnelView
      funnelKey={funnelKey}
      {...days}
      breakdown={options.breakdown}
      withTime={options.withTime}
      actions={
        <LinkButton size="sm" variant="secondary" fill="text" icon="external-link-alt" href={`${pageUrl('conversion')}?${everywhere}`}>
          Open in the Admin Center
        </LinkButton>
      }
    />
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ panel: css({ overflow: 'auto', paddingBottom: theme.spacing(1) }) });
