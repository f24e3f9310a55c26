// The table of flags in a dashboard panel: its own permissions and states, the same rows and switches as the Flags page.
import { css } from '@emotion/css';
import { useState } from 'react';
import type { GrafanaTheme2, PanelProps } from '@grafana/data';
import { LinkButton, useStyles2 } from '@grafana/ui';
import { filtersToUrl, NO_FILTERS, type FlagFilters } from '../../capabilities/flags/filters.ts';
import { FlagsTable } from '../../capabilities/flags/FlagsTable.tsx';
import { Gate } from '../../platform/Gate.tsx';
import { MeProvider } from '../../platform/me.tsx';
import { UndoBar } from '../../platform/undo/UndoBar.tsx';
import { pageUrl } from '../../routes.ts';

export interface FlagsPanelOptions {
  showFilters: boolean;
  lifecycle: FlagFilters['lifecycle'];
  /** Keys with commas between them; empty for all. */
  keys: string;
  pageSize: number;
}

export function FlagsPanel({ options, width, height, data }: PanelProps<FlagsPanelOptions>) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.panel} style={{ width, height }}>
      <MeProvider>
        <Gate permission="flags:read" what="The list of flags" compact>
          {/* A change in the panel's options starts the list anew. */}
          <Flags key={`${options.lifecycle} ${options.keys}`} options={options} tick={data.timeRange.to.valueOf()} />
        </Gate>
        <UndoBar />
      </MeProvider>
    </div>
  );
}

function Flags({ options, tick }: { options: FlagsPanelOptions; tick: number }) {
  const [filters, setFilters] = useState<FlagFilters>({ ...NO_FILTERS, lifecycle: options.lifecycle, keys: options.keys });
  const everywhere = new URLSearchParams(Object.entries(filtersToUrl(filters)).flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
  return (
    <FlagsTable
      filters={filters}
      onFilters={setFilters}
      pageSize={options.pageSize}
      showFilters={options.showFilters}
      tick={tick}
      actions={
        <LinkButton size="sm" variant="secondary" fill="text" icon="external-link-alt" href={`${pageUrl('flags')}?${everywhere}`}>
          Open in the Admin Center
        </LinkButton>
      }
    />
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ panel: css({ overflow: 'auto', paddingBottom: theme.spacing(1) }) });
