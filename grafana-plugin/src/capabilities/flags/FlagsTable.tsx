// The list of flags with its states and pages; the Flags page and the dashboard panel share it.
import { css } from '@emotion/css';
import { useMemo, type ReactNode } from 'react';
import { FLAG_LIFECYCLES, flags, type FlagSummary } from '@admin-center/contracts/flags';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, RadioButtonGroup, Stack, TextLink, useStyles2 } from '@grafana/ui';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { formatCount, plural } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { Pager, usePaging } from '../../platform/Pager.tsx';
import { SearchInput } from '../../platform/SearchInput.tsx';
import { Empty } from '../../platform/states.tsx';
import { Ago } from '../../platform/time.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { flagUrl } from '../../routes.ts';
import { ExperimentBadge, LifecycleBadge, RampBadge } from './badges.tsx';
import { flagsQuery, isFiltered, NO_FILTERS, type FlagFilters, type FlagLifecycle } from './filters.ts';
import { FlagStateButton, FlagSwitch } from './FlagSwitch.tsx';
import { ShareBar } from './ShareBar.tsx';

interface Props {
  readonly filters: FlagFilters;
  readonly onFilters: (filters: FlagFilters) => void;
  readonly pageSize: number;
  readonly showFilters?: boolean;
  /** Stands beside the filters. */
  readonly actions?: ReactNode;
  /** Changes with each refresh of the page. */
  readonly tick?: unknown;
}

export function FlagsTable({ filters, onFilters, pageSize, showFilters = true, actions, tick }: Props) {
  const paging = usePaging([filters, pageSize]);
  const result = useApi(flags.endpoints.list, { query: { ...flagsQuery(filters, pageSize), cursor: paging.cursor } });
  useReload(result.reload, tick);
  const columns = useMemo(() => flagColumns(result.reload), [result.reload]);
  return (
    <Stack direction="column" gap={1}>
      {showFilters && (
        <Stack direction="row" gap={1} wrap="wrap" alignItems="center" justifyContent="space-between">
          <Stack direction="row" gap={1} wrap="wrap" alignItems="center">
            <SearchInput label="Search flags" placeholder="Key, name or description" width={32} value={filters.q} onChange={(q) => onFilters({ ...filters, q })} />
            <RadioButtonGroup<FlagLifecycle | ''>
              aria-label="Stage of life"
              value={filters.lifecycle}
              options={lifecycleOptions(result.data?.lifecycles)}
              onChange={(lifecycle) => onFilters({ ...filters, lifecycle })}
            />
          </Stack>
          {actions}
        </Stack>
      )}
      <Loaded result={result} what="flags">
        {({ items, nextCursor }, busy) =>
          items.length === 0 && paging.index === 0 ? (
            <NoFlags filters={filters} onFilters={onFilters} actions={actions} />
          ) : (
            <>
              <DataTable label="Flags" columns={columns} rows={items} rowKey={({ key }) => key} busy={busy} />
              {(nextCursor !== null || paging.index > 0) && <Pager paging={paging} nextCursor={nextCursor} busy={busy} summary={`${plural(items.length, 'flag')} on page ${paging.index + 1}`} />}
            </>
          )
        }
      </Loaded>
    </Stack>
  );
}

/** What is in use, then each stage with how many flags are in it. */
const lifecycleOptions = (counts: Readonly<Record<FlagLifecycle, number>> | undefined) => [
  { value: '' as const, label: 'In use' },
  ...FLAG_LIFECYCLES.map((value) => ({ value, label: counts ? `${value} ${formatCount(counts[value])}` : value })),
];

function NoFlags({ filters, onFilters, actions }: Pick<Props, 'filters' | 'onFilters' | 'actions'>) {
  return isFiltered(filters) ? (
    <Empty
      title="No flag fits"
      actions={
        <Button variant="secondary" onClick={() => onFilters(NO_FILTERS)}>
          Clear the filters
        </Button>
      }
    >
      Search takes a part of a key, a name or a description.
    </Empty>
  ) : (
    <Empty title="No flags yet" actions={actions}>
      A flag decides which users see what, without a deployment. Hosts evaluate it through the SDK or any OpenFeature client.
    </Empty>
  );
}

const flagColumns = (reload: () => void): ReadonlyArray<Column<FlagSummary>> => [
  { id: 'flag', header: 'Flag', cell: (flag) => <FlagName flag={flag} /> },
  { id: 'state', header: 'On', cell: (flag) => <FlagSwitch flag={flag} onChanged={reload} /> },
  { id: 'rollout', header: 'Rollout', cell: (flag) => <Rollout flag={flag} /> },
  { id: 'lifecycle', header: 'Life', cell: ({ lifecycle }) => <LifecycleBadge lifecycle={lifecycle} /> },
  { id: 'evaluations', header: 'Last 24 hours', align: 'right', cell: ({ evaluations24h }) => formatCount(evaluations24h), wideOnly: true },
  { id: 'lastEvaluatedAt', header: 'Last evaluated', cell: ({ lastEvaluatedAt }) => <Ago at={lastEvaluatedAt} />, wideOnly: true },
  { id: 'actions', header: 'Action', align: 'right', cell: (flag) => <FlagStateButton flag={flag} onChanged={reload} /> },
];

function FlagName({ flag }: { flag: FlagSummary }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.name}>
      <TextLink href={flagUrl(flag.key)} inline={false} color="link">
        {flag.name}
      </TextLink>
      <span className={styles.key}>{flag.key}</span>
    </div>
  );
}

function Rollout({ flag: { key, state, percentage, ramp, experiment } }: { flag: FlagSummary }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.rollout}>
      {percentage === null ? (
        <span className={styles.key}>by rules</span>
      ) : (
        <>
          <ShareBar label={`Rollout of ${key}: ${percentage}%`} parts={[{ name: 'rollout', value: percentage, color: 'green' }]} whole={100} dimmed={state !== 'on'} />
          <span className={styles.percentage}>{percentage}%</span>
        </>
      )}
      {ramp && ramp !== 'idle' && <RampBadge state={ramp} />}
      {experiment === 'running' && <ExperimentBadge state={experiment} />}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  name: css({ display: 'flex', flexDirection: 'column', maxWidth: '40ch', '& > *': { overflow: 'hidden', textOverflow: 'ellipsis' } }),
  key: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  rollout: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), '& > [role="img"]': { width: 96 } }),
  percentage: css({ minWidth: '5ch' }),
});
