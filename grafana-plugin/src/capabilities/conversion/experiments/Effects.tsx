// The variants with what they did: a table of means, a forest plot of the effects, and the users behind each.
import { useState } from 'react';
import { conversion } from '@admin-center/contracts/conversion';
import type { ExperimentResult } from '@admin-center/contracts/conversion-experiments';
import { Stack, Text } from '@grafana/ui';
import { CellButton } from '../../../platform/CellButton.tsx';
import { DataTable, type Column } from '../../../platform/DataTable.tsx';
import { formatCount, formatValue } from '../../../platform/format.ts';
import { UsersBehind } from '../../../platform/UsersBehind.tsx';
import { ForestPlot } from './ForestPlot.tsx';
import { formatDifference, formatMean, formatP, formatRelative } from './words.ts';

type Variant = ExperimentResult['variants'][number];

interface Props {
  readonly result: ExperimentResult;
  readonly adjusted: boolean;
  /** Whether numbers of users open their list. */
  readonly linked: boolean;
}

export function Effects({ result, adjusted, linked }: Props) {
  const { variants, metric, control, isReadable, plannedN, flag, run, exposed } = result;
  const [opened, setOpened] = useState<string | null>(null);
  const effectOf = (variant: Variant) => (adjusted ? (variant.adjusted ?? variant.effect) : variant.effect);
  const told = variants.flatMap((variant) => {
    const effect = effectOf(variant);
    return effect === null ? [] : [{ variant: variant.variant, effect }];
  });
  // One axis for all: relative where every effect has one.
  const isRelative = told.every(({ effect }) => effect.relative !== null);
  const columns: ReadonlyArray<Column<Variant>> = [
    { id: 'variant', header: 'Variant', cell: ({ variant, isControl }) => (isControl ? `${variant} (control)` : variant) },
    {
      id: 'users',
      header: 'Users',
      align: 'right',
      cell: ({ variant, users }) =>
        linked && users > 0 ? (
          <CellButton align="right" aria-label={`Users of ${variant}`} onClick={() => setOpened(variant)}>
            {formatCount(users)}
          </CellButton>
        ) : (
          formatCount(users)
        ),
    },
    { id: 'share', header: 'Share, planned', align: 'right', cell: ({ users, plannedShare }) => `${exposed === 0 ? '–' : formatValue(users / exposed, 'percentunit', 1)}, ${formatValue(plannedShare, 'percentunit', 1)}` },
    { id: 'mean', header: 'Mean', align: 'right', cell: ({ mean }) => formatMean(mean, metric) },
    ...(result.mode === 'fixed' ? [{ id: 'p', header: 'p', align: 'right' as const, cell: (variant: Variant) => (isReadable ? formatP(effectOf(variant)?.p ?? null) : 'hidden') }] : []),
  ];
  return (
    <Stack direction="column" gap={2}>
      <DataTable label="Variants" columns={columns} rows={variants} rowKey={({ variant }) => variant} />
      {told.length > 0 && (
        <div>
          <Text element="h3" variant="h6">
            {isRelative ? `Effect over the mean of ${control}` : `Difference to ${control}`}
          </Text>
          <ForestPlot
            control={control}
            format={isRelative ? formatRelative : (value) => formatDifference(value, metric)}
            rows={told.map(({ variant, effect }) => ({ variant, interval: (isRelative ? effect.relative : null) ?? effect.difference }))}
          />
        </div>
      )}
      {!isReadable && <Text color="secondary">Intervals and p-values are hidden until each variant has {formatCount(plannedN)} users: looking earlier would find differences that are chance.</Text>}
      {opened !== null && (
        <UsersBehind endpoint={conversion.endpoints.experimentUsers} params={{ flag }} query={{ variant: opened, run }} title={`Users exposed to ${opened}`} definition="Newest first. Anonymous visitors count and are not listed." onClose={() => setOpened(null)} />
      )}
    </Stack>
  );
}
