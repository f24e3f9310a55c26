// Who gets which variant by the rules as they are being edited, beside who gets which now.
import { css } from '@emotion/css';
import { flags, type FlagPreview } from '@admin-center/contracts/flags';
import type { FlagDefinition } from '@admin-center/contracts/flags-definition';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, Stack, Text, Toggletip, Button, useStyles2, useTheme2 } from '@grafana/ui';
import { formatAmounts, formatCount, plural } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { useApi } from '../../platform/use-api.ts';
import { moveText } from './moves.ts';
import { ShareBar } from './ShareBar.tsx';
import { useDebounced } from './use-debounced.ts';
import { paint } from './variant-colors.ts';

const PAUSE_MS = 400;

interface Props {
  readonly flagKey: string;
  /** Only what the contract accepts is asked about; until then the last answer stays. */
  readonly definition: FlagDefinition;
  readonly colors: Readonly<Record<string, string>>;
}

export function LivePreview({ flagKey, definition, colors }: Props) {
  const settled = useDebounced(definition, PAUSE_MS);
  const result = useApi(flags.endpoints.preview, { params: { key: flagKey }, body: { change: { kind: 'update', definition: settled } } });
  return (
    <Loaded result={result} what="who gets which variant" compact>
      {(preview, busy) => <Shares preview={preview} colors={colors} busy={busy || settled !== definition} />}
    </Loaded>
  );
}

const percent = (users: number, evaluated: number): string => (evaluated === 0 ? '–' : `${Math.round((1000 * users) / evaluated) / 10} %`);

function Shares({ preview, colors, busy }: { preview: FlagPreview; colors: Props['colors']; busy: boolean }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const { evaluated, before, whenOn, moves, mrr, unknownAttributes, warnings } = preview;
  // A flag that is off serves everybody the same; what its rules would do is what one edits them for.
  const after = whenOn ?? preview.after;
  const afterwards = whenOn ? 'Once it is on' : 'With these rules';
  const usersOf = (list: ReadonlyArray<{ variant: string; users: number }>, variant: string) => list.find((share) => share.variant === variant)?.users ?? 0;
  const variants = [...new Set([...Object.keys(colors), ...after.map(({ variant }) => variant), ...before.map(({ variant }) => variant)])];
  const bar = (list: ReadonlyArray<{ variant: string; users: number }>, label: string) => (
    <ShareBar height={12} label={`${label}: ${list.map(({ variant, users }) => `${variant} ${percent(users, evaluated)}`).join(', ')}`} whole={evaluated} parts={variants.map((name) => ({ name, value: usersOf(list, name), color: colors[name] ?? 'text' }))} />
  );
  return (
    <div className={styles.preview} aria-busy={busy} style={{ opacity: busy ? 0.6 : 1 }}>
      {(moves.length > 0 || whenOn) && (
        <div>
          <Text color="secondary" variant="bodySmall">
            Now
          </Text>
          {bar(before, 'Now')}
        </div>
      )}
      <div>
        <Text color="secondary" variant="bodySmall">
          {moves.length > 0 || whenOn ? afterwards : `Of ${plural(evaluated, 'user')}`}
        </Text>
        {bar(after, afterwards)}
      </div>
      <table className={styles.table} aria-label="Who gets which variant">
        <thead>
          <tr>
            <th scope="col">Variant</th>
            <th scope="col">Users</th>
            <th scope="col">Share</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {variants.map((variant) => {
            const [was, is] = [usersOf(before, variant), usersOf(after, variant)];
            return (
              <tr key={variant}>
                <th scope="row">
                  <span className={styles.dot} style={{ background: paint(theme, colors[variant] ?? 'text') }} />
                  {variant}
                </th>
                <td>
                  <Sample of={variant} share={after.find((share) => share.variant === variant)} />
                </td>
                <td>{percent(is, evaluated)}</td>
                <td>{is === was ? '–' : `${is > was ? '+' : '−'}${formatCount(Math.abs(is - was))}`}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <div role="status" aria-live="polite">
        {moves.length === 0 ? (
          <Text color="secondary">{whenOn ? 'Saving moves nobody while the flag is not on.' : 'Nobody is served another variant than now.'}</Text>
        ) : (
          <Stack direction="column" gap={0.5}>
            {moves.map((move) => (
              <Text key={moveText(move)}>{moveText(move)}</Text>
            ))}
            {mrr.length > 0 && <Text color="secondary">They pay {formatAmounts(mrr, 'nothing')} a month.</Text>}
          </Stack>
        )}
      </div>
      {unknownAttributes.length > 0 && (
        <Alert severity="info" title={`The directory does not know ${unknownAttributes.join(', ')}`} bottomSpacing={0}>
          Only the host sends that, so nobody matches it here.
        </Alert>
      )}
      {warnings.map((warning) => (
        <Alert key={warning} severity="warning" title={warning} bottomSpacing={0} />
      ))}
    </div>
  );
}

/** How many, with a few of them by name one click away. */
function Sample({ of, share }: { of: string; share: FlagPreview['after'][number] | undefined }) {
  const sample = share?.sample ?? [];
  const count = formatCount(share?.users ?? 0);
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
