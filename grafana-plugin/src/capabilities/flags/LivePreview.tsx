// Who gets which variant by the rules as they are being edited, beside who gets which now.
import { css } from '@emotion/css';
import type { FlagDetail, FlagPreview } from '@admin-center/contracts/flags';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Icon, Stack, Text, Toggletip, useStyles2, useTheme2 } from '@grafana/ui';
import { formatAmounts, formatCount, formatShare } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { moveText } from './moves.ts';
import { ShareBar } from './ShareBar.tsx';
import { sharesOf, type Judged } from './use-judged.ts';
import { paint } from './variant-colors.ts';

interface Props {
  readonly flag: FlagDetail;
  readonly judged: Judged;
  readonly isDirty: boolean;
  readonly colors: Readonly<Record<string, string>>;
}

export function LivePreview({ flag, judged: { preview, problems, isBehind }, isDirty, colors }: Props) {
  if (problems.count > 0) {
    return <Text color="secondary">Shown again once the marked fields are right.</Text>;
  }
  return (
    <Loaded result={preview} what="who gets which variant" compact>
      {(answer) => <Comparison preview={answer} state={flag.state} isDirty={isDirty} isBehind={isBehind} colors={colors} />}
    </Loaded>
  );
}

type Share = FlagPreview['before'][number];
const usersOf = (shares: readonly Share[], variant: string): number => shares.find((share) => share.variant === variant)?.users ?? 0;

interface ComparisonProps extends Pick<Props, 'isDirty' | 'colors'> {
  readonly preview: FlagPreview;
  readonly state: FlagDetail['state'];
  readonly isBehind: boolean;
}

function Comparison({ preview, state, isDirty, isBehind, colors }: ComparisonProps) {
  const styles = useStyles2(getStyles);
  const { evaluated, moves, mrr, warnings } = preview;
  const { now, edited, onceOn } = sharesOf(preview, isDirty, state);
  const shown = edited ?? now;
  const variants = [...new Set([...Object.keys(colors), ...shown.map(({ variant }) => variant), ...now.map(({ variant }) => variant)])];
  const bar = (shares: readonly Share[], label: string) => (
    <div>
      <Text color="secondary" variant="bodySmall">
        {label}
      </Text>
      <ShareBar
        height={12}
        label={`${label}: ${shares.map(({ variant, users }) => `${variant} ${formatShare(users, evaluated)}`).join(', ')}`}
        whole={evaluated}
        parts={variants.map((name) => ({ name, value: usersOf(shares, name), color: colors[name] ?? 'text' }))}
      />
    </div>
  );
  const rules = onceOn ? 'Once it is on' : 'With these rules';
  return (
    <div className={styles.preview} aria-busy={isBehind} style={{ opacity: isBehind ? 0.6 : 1 }}>
      {edited ? (
        <>
          {bar(now, 'Now')}
          {bar(edited, rules)}
        </>
      ) : (
        bar(now, onceOn ? rules : 'Now')
      )}
      <ShareTable variants={variants} now={now} edited={edited} evaluated={evaluated} colors={colors} />
      {isDirty && (
        <div role="status" aria-live="polite">
          {moves.length === 0 ? (
            <Text color="secondary">Saving moves nobody to another variant.</Text>
          ) : (
            <Stack direction="column" gap={0.5}>
              {moves.map((move) => (
                <Text key={moveText(move)}>{moveText(move)}</Text>
              ))}
              {mrr.length > 0 && <Text color="secondary">They pay {formatAmounts(mrr, 'nothing')} a month.</Text>}
            </Stack>
          )}
          {warnings.map((warning) => (
            <div key={warning} className={styles.warning}>
              <Icon name="exclamation-triangle" /> {warning}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

interface TableProps {
  readonly variants: readonly string[];
  readonly now: readonly Share[];
  readonly edited: FlagPreview['after'] | null;
  readonly evaluated: number;
  readonly colors: Props['colors'];
}

function ShareTable({ variants, now, edited, evaluated, colors }: TableProps) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  return (
    <table className={styles.table} aria-label="Who gets which variant">
      <thead>
        <tr>
          <th scope="col">Variant</th>
          <th scope="col">Users</th>
          <th scope="col">Share</th>
          {edited && <th scope="col">Change</th>}
        </tr>
      </thead>
      <tbody>
        {variants.map((variant) => {
          const [was, is] = [usersOf(now, variant), usersOf(edited ?? now, variant)];
          return (
            <tr key={variant}>
              <th scope="row">
                <span className={styles.dot} style={{ background: paint(theme, colors[variant] ?? 'text') }} />
                {variant}
              </th>
              <td>
                <Users of={variant} users={is} sample={edited?.find((share) => share.variant === variant)?.sample ?? []} />
              </td>
              <td>{formatShare(is, evaluated)}</td>
              {edited && <td>{is === was ? '–' : `${is > was ? '+' : '−'}${formatCount(Math.abs(is - was))}`}</td>}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** How many, with a few of them by name one click away. */
function Users({ of, users, sample }: { of: string; users: number; sample: FlagPreview['after'][number]['sample'] }) {
  const count = formatCount(users);
  if (sample.length === 0) {
    return <>{count}</>;
  }
  return (
    <Toggletip title={`Some who get ${of}`} content={sample.map(({ email, tier }) => `${email} (${tier})`).join(', ')}>
      <Button size="sm" fill="text" variant="secondary" aria-label={`${count} users get ${of}; show some`}>
        {count}
      </Button>
    </Toggletip>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  preview: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1.5) }),
  dot: css({ display: 'inline-block', width: 10, height: 10, marginRight: theme.spacing(1), borderRadius: theme.shape.radius.circle }),
  warning: css({ marginTop: theme.spacing(1), color: theme.colors.warning.text, fontSize: theme.typography.bodySmall.fontSize }),
  table: css({
    width: '100%',
    borderCollapse: 'collapse',
    fontVariantNumeric: 'tabular-nums',
    'th, td': { padding: theme.spacing(0.5, 0.5), textAlign: 'right', borderBottom: `1px solid ${theme.colors.border.weak}` },
    'th:first-of-type': { textAlign: 'left' },
    thead: { color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize },
    'tbody th': { fontWeight: theme.typography.fontWeightMedium },
    'td button': { paddingRight: 0 },
  }),
});
