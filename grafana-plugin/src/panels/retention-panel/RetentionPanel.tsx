// The retention grid in a dashboard panel: its own permissions and states, the same grid as the Engagement page.
import { css } from '@emotion/css';
import { useState } from 'react';
import type { GrafanaTheme2, PanelProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { Retention } from '../../capabilities/engagement/Retention.tsx';
import { RETENTION_VIEW, type RetentionView } from '../../capabilities/engagement/retention-view.ts';
import { Gate } from '../../platform/Gate.tsx';
import { MeProvider } from '../../platform/me.tsx';

export type RetentionPanelOptions = Pick<RetentionView, 'mode' | 'basis' | 'interval' | 'cohorts'> & { showToggles: boolean };

export function RetentionPanel({ options, width, height, data }: PanelProps<RetentionPanelOptions>) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.panel} style={{ width, height }}>
      <MeProvider>
        <Gate permission="engagement:read" what="Retention" compact>
          {/* A change in the panel's options starts anew. */}
          <Grid key={JSON.stringify(options)} options={options} tick={data.timeRange.to.valueOf()} />
        </Gate>
      </MeProvider>
    </div>
  );
}

function Grid({ options: { showToggles, ...preset }, tick }: { options: RetentionPanelOptions; tick: number }) {
  const [view, setView] = useState<RetentionView>({ ...RETENTION_VIEW, ...preset });
  return <Retention view={view} onView={(patch) => setView((before) => ({ ...before, ...patch }))} showToggles={showToggles} tick={tick} />;
}

const getStyles = (theme: GrafanaTheme2) => ({ panel: css({ overflow: 'auto', paddingBottom: theme.spacing(1) }) });
