// What a rule serves: which share of those it fits, and one variant or several by weight.
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Stack, Text, useStyles2 } from '@grafana/ui';
import { formatShare } from '../../../platform/format.ts';
import { replacedAt, withoutAt, type Problems, type Serve, type Split, type Variant } from '../draft.ts';
import { ShareBar } from '../ShareBar.tsx';
import { NumberInput } from './NumberInput.tsx';
import { Complaint } from './Complaint.tsx';
import { VariantSelect } from './VariantSelect.tsx';

interface Props {
  /** The rule it belongs to, for screen readers. */
  readonly of: string;
  /** Who is meant by the share: "of them", "of all users". */
  readonly whom: string;
  readonly path: string;
  readonly serve: Serve;
  readonly variants: readonly Variant[];
  readonly colors: Readonly<Record<string, string>>;
  readonly problems: Problems;
  readonly onChange: (serve: Serve) => void;
  readonly disabled?: boolean;
}

export function ServeEditor({ of, whom, path, serve, variants, colors, problems, onChange, disabled }: Props) {
  const { percentage, split } = serve;
  const complaints = [...problems.within(`${path}.percentage`), ...problems.within(`${path}.split`)];
  return (
    <Stack direction="column" gap={1}>
      <Stack direction="row" gap={1} alignItems="center" wrap="wrap">
        <Text color="secondary">Serve</Text>
        <NumberInput label={`Percentage of ${of}`} value={percentage} suffix="%" width={12} invalid={problems.at(`${path}.percentage`) !== undefined} disabled={disabled} onChange={(value) => onChange({ ...serve, percentage: value })} />
        <Text color="secondary">{whom}</Text>
        {split.length === 1 && split[0] && (
          <VariantSelect label={`Variant of ${of}`} variants={variants} value={split[0].variant} disabled={disabled} onChange={(variant) => onChange({ ...serve, split: [{ variant, weight: split[0]?.weight || 1 }] })} />
        )}
        {variants.length > 1 && split.length === 1 && !disabled && (
          <Button size="sm" variant="secondary" fill="text" onClick={() => onChange({ ...serve, split: variants.map(({ key }) => ({ variant: key, weight: 1 })) })} aria-label={`Split ${of} over several variants`}>
            Split
          </Button>
        )}
      </Stack>
      {split.length > 1 && <SplitEditor of={of} split={split} variants={variants} colors={colors} disabled={disabled} onChange={(next) => onChange({ ...serve, split: next })} />}
      <Complaint texts={complaints} />
    </Stack>
  );
}

interface SplitProps {
  readonly of: string;
  readonly split: Split;
  readonly variants: readonly Variant[];
  readonly colors: Readonly<Record<string, string>>;
  readonly onChange: (split: Split) => void;
  readonly disabled?: boolean;
}

/** Weights are relative; beside each stands the share that it comes to. */
export function SplitEditor({ of, split, variants, colors, onChange, disabled }: SplitProps) {
  const styles = useStyles2(getStyles);
  const total = split.reduce((sum, { weight }) => sum + (Number.isFinite(weight) ? weight : 0), 0);
  const unused = variants.filter(({ key }) => !split.some(({ variant }) => variant === key));
  return (
    <div className={styles.split} role="group" aria-label={`Weights of ${of}`}>
      <ShareBar label={split.map(({ variant, weight }) => `${variant} ${formatShare(weight, total)}`).join(', ')} parts={split.map(({ variant, weight }) => ({ name: variant, value: Number.isFinite(weight) ? weight : 0, color: colors[variant] ?? 'text' }))} />
      {split.map(({ variant, weight }, index) => (
        <Stack key={variant} direction="row" gap={1} alignItems="center">
          <VariantSelect label={`Variant ${index + 1} of ${of}`} variants={variants} value={variant} disabled={disabled} onChange={(next) => onChange(replacedAt(split, index, { variant: next, weight }))} />
          <NumberInput label={`Weight of ${variant} in ${of}`} value={weight} width={10} disabled={disabled} onChange={(next) => onChange(replacedAt(split, index, { variant, weight: next }))} />
          <Text color="secondary">{formatShare(weight, total)}</Text>
          <Button size="sm" variant="secondary" fill="text" icon="times" aria-label={`Take ${variant} out of ${of}`} disabled={disabled} onClick={() => onChange(withoutAt(split, index))} />
        </Stack>
      ))}
      {unused[0] && !disabled && (
        <div>
          <Button size="sm" variant="secondary" fill="text" icon="plus" onClick={() => onChange([...split, { variant: unused[0]?.key ?? '', weight: 1 }])}>
            Add a variant
          </Button>
        </div>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ split: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(0.5), maxWidth: 420 }) });
