// One experiment, or the list of all, in a dashboard panel: its own permissions and states, the same card as the page.
import { css } from '@emotion/css';
import { conversion } from '@admin-center/contracts/conversion';
import type { GrafanaTheme2, PanelProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { ExperimentCard } from '../../capabilities/conversion/experiments/ExperimentCard.tsx';
import { ExperimentsTable } from '../../capabilities/conversion/experiments/ExperimentsTable.tsx';
import { Gate } from '../../platform/Gate.tsx';
import { Loaded } from '../../platform/Loaded.tsx';
import { MeProvider } from '../../platform/me.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';

export interface ExperimentPanelOptions {
  /** Key of the flag; empty for the list. */
  flag: string;
}

export function ExperimentPanel({ options: { flag }, width, height, data }: PanelProps<ExperimentPanelOptions>) {
  const styles = useStyles2(getStyles);
  const tick = data.timeRange.to.valueOf();
  const key = flag.trim();
  return (
    <div className={styles.panel} style={{ width, height }}>
      <MeProvider>
        <Gate permission="conversion:read" what="Experiments" compact>
          {key === '' ? <List tick={tick} /> : <ExperimentCard key={key} flag={key} tick={tick} compact />}
        </Gate>
      </MeProvider>
    </div>
  );
}

function List({ tick }: { tick: number }) {
  const result = useApi(conversion.endpoints.experiments, {});
  useReload(result.reload, tick);
  return (
    <Loaded result={result} what="experiments" compact>
      {({ items }, busy) => (items.length === 0 ? <Empty title="No experiment has been started yet" compact /> : <ExperimentsTable experiments={items} busy={busy} />)}
    </Loaded>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ panel: css({ overflow: 'auto', paddingBottom: theme.spacing(1) }) });
