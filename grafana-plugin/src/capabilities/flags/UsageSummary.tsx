// Which variants hosts were served in the last 30 days, and how often.
import { css } from '@emotion/css';
import type { FlagDetail } from '@admin-center/contracts/flags';
import type { GrafanaTheme2 } from '@grafana/data';
import { PanelChrome, Stack, Text, useStyles2, useTheme2 } from '@grafana/ui';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { formatCount, formatShare } from '../../platform/format.ts';
import { Empty } from '../../platform/states.tsx';
import { Ago } from '../../platform/time.tsx';
import { lifecycleMeaning } from './badges.tsx';
import { ShareBar } from './ShareBar.tsx';
import { paint, variantColors } from './variant-colors.ts';

type VariantUsage = FlagDetail['usage']['variants'][number];

export function UsageSummary({ flag }: { flag: FlagDetail }) {
  const { variants, firstEvaluatedAt, lastEvaluatedAt } = flag.usage;
  const colors = variantColors(flag.definition);
  const total = variants.reduce((sum, { evaluations }) => sum + evaluations, 0);
  return (
    <PanelChrome title="Evaluations of the last 30 days">
      {total === 0 ? (
        <Empty title="No host has evaluated it in the last 30 days" compact>
          {lifecycleMeaning(flag.lifecycle)}
        </Empty>
      ) : (
        <Stack direction="column" gap={1}>
          <ShareBar height={12} label={variants.map(({ variant, evaluations }) => `${variant}: ${formatCount(evaluations)}`).join(', ')} parts={variants.map(({ variant, evaluations }) => ({ name: variant, value: evaluations, color: colors[variant] ?? 'text' }))} />
          <DataTable label="Evaluations by variant" columns={columns(colors, total)} rows={variants} rowKey={({ variant }) => variant} />
          <Text color="secondary" variant="bodySmall">
            First evaluated <Ago at={firstEvaluatedAt} />, last <Ago at={lastEvaluatedAt} />. {lifecycleMeaning(flag.lifecycle)}
          </Text>
        </Stack>
      )}
    </PanelChrome>
  );
}

const columns = (colors: Readonly<Record<string, string>>, total: number): ReadonlyArray<Column<VariantUsage>> => [
  { id: 'variant', header: 'Variant', cell: ({ variant }) => <VariantName variant={variant} color={colors[variant] ?? 'text'} /> },
  { id: 'evaluations', header: 'Evaluations', align: 'right', cell: ({ evaluations }) => formatCount(evaluations) },
  { id: 'share', header: 'Share', align: 'right', cell: ({ evaluations }) => formatShare(evaluations, total) },
  { id: 'last', header: 'Last', cell: ({ lastEvaluatedAt }) => <Ago at={lastEvaluatedAt} /> },
];

function VariantName({ variant, color }: { variant: string; color: string }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  return (
    <>
      <span className={styles.dot} style={{ background: paint(theme, color) }} />
      {variant}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ dot: css({ display: 'inline-block', width: 10, height: 10, marginRight: theme.spacing(1), borderRadius: theme.shape.radius.circle }) });
