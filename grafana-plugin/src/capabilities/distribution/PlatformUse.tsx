// How platforms are used beside one another: users, sessions, users of several, and from which to which they change.
import { distribution, type PlatformUse as Use } from '@admin-center/contracts/distribution';
import type { Window } from '@admin-center/contracts/distribution-places';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Stack, Text, useStyles2 } from '@grafana/ui';
import { csvName, toCsv } from '../../platform/csv.ts';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { download } from '../../platform/download.ts';
import { formatCount, formatValue } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';

type Row = Use['rows'][number];
type Path = Use['paths'][number];

const TOO_MANY = 'too many to count on demand';

export function PlatformUse({ days }: { days: { readonly window: Window; readonly day?: string } }) {
  const styles = useStyles2(getStyles);
  const result = useApi(distribution.endpoints.platforms, { query: days });
  return (
    <section aria-label="Use by platform">
      <Stack direction="column" gap={1}>
        <Loaded result={result} what="use by platform">
          {(use) => (
            <Stack gap={3} wrap="wrap" alignItems="flex-start">
              <Stack direction="column" gap={1} minWidth={50} flex={1}>
                <div className={styles.title}>
                  <Text element="h3" variant="h5">
                    Use by platform
                  </Text>
                </div>
                <DataTable<Row> label="Use by platform" columns={COLUMNS} rows={use.rows} rowKey={({ platform }) => platform} />
                <Text element="p">
                  {use.several === null ? `Users of several platforms are ${TOO_MANY}; choose a shorter window.` : `${formatCount(use.several)} of ${formatCount(use.total)} users (${share(use.several, use.total)}) were active on two or more platforms.`}
                </Text>
              </Stack>
              <Stack direction="column" gap={1} minWidth={40} flex={1}>
                <div className={styles.title}>
                  <Text element="h3" variant="h5">
                    Hand-over between platforms
                  </Text>
                  <Button size="sm" variant="secondary" icon="download-alt" disabled={use.paths.length === 0} onClick={() => downloadPaths(use.paths)}>
                    CSV
                  </Button>
                </div>
                {use.paths.length === 0 ? (
                  <Empty title="Nobody changed platforms" compact>
                    No session followed one on another platform within 7 days.
                  </Empty>
                ) : (
                  <DataTable<Path> label="Hand-over between platforms" columns={PATHS} rows={use.paths} rowKey={({ from, to }) => `${from} ${to}`} />
                )}
              </Stack>
            </Stack>
          )}
        </Loaded>
      </Stack>
    </section>
  );
}

const downloadPaths = (paths: readonly Path[]) =>
  download(csvName('Hand-over between platforms'), toCsv(['from', 'to', 'sessions'], paths.map(({ from, to, sessions }) => [from, to, sessions])), 'text/csv');

const share = (part: number, whole: number): string => (whole > 0 ? formatValue(part / whole, 'percentunit', 1) : 'no share');
const count = (value: number | null): string => (value === null ? TOO_MANY : formatCount(value));
const minutes = (seconds: number | null): string => (seconds === null ? '—' : seconds < 60 ? `${Math.round(seconds)} s` : `${(seconds / 60).toFixed(1)} min`);

const COLUMNS: ReadonlyArray<Column<Row>> = [
  { id: 'platform', header: 'Platform', cell: ({ platform }) => platform },
  { id: 'users', header: 'Users', align: 'right', cell: ({ users }) => formatCount(users) },
  { id: 'sessions', header: 'Sessions', align: 'right', cell: ({ sessions }) => count(sessions) },
  { id: 'each', header: 'Sessions per user', align: 'right', cell: ({ sessions, users }) => (sessions === null || users === 0 ? '—' : (sessions / users).toFixed(1)) },
  { id: 'median', header: 'Median length', align: 'right', cell: ({ medianSeconds }) => minutes(medianSeconds) },
];
const PATHS: ReadonlyArray<Column<Path>> = [
  { id: 'from', header: 'From', cell: ({ from }) => from },
  { id: 'to', header: 'To', cell: ({ to }) => to },
  { id: 'sessions', header: 'Sessions', align: 'right', cell: ({ sessions }) => formatCount(sessions) },
];

// As high as its button, so that the tables beside one another begin at one height.
const getStyles = (theme: GrafanaTheme2) => ({ title: css({ display: 'flex', justifyContent: 'space-between', alignItems: 'center', minHeight: theme.spacing(theme.components.height.sm) }) });
