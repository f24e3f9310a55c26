// Shares of a whole as one bar with its parts in the variants' colours; the numbers stand beside it as text.
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { paint } from './variant-colors.ts';

export interface Part {
  readonly name: string;
  readonly value: number;
  /** As in variant-colors.ts, or a name of Grafana's palette. */
  readonly color: string;
}

interface Props {
  readonly parts: readonly Part[];
  /** What the parts add up to; the rest of the bar stays empty. Default: their sum. */
  readonly whole?: number;
  /** Says the same in words. */
  readonly label: string;
  readonly height?: number;
  readonly dimmed?: boolean;
}

export function ShareBar({ parts, whole = parts.reduce((sum, { value }) => sum + value, 0), label, height = 8, dimmed = false }: Props) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  return (
    <div className={styles.bar} style={{ height, opacity: dimmed ? 0.45 : 1 }} role="img" aria-label={label}>
      {parts.map(({ name, value, color }) =>
        value > 0 && whole > 0 ? <span key={name} style={{ width: `${(100 * value) / whole}%`, background: paint(theme, color) }} /> : null
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    width: '100%',
    overflow: 'hidden',
    borderRadius: theme.shape.radius.pill,
    background: theme.colors.background.secondary,
    border: `1px solid ${theme.colors.border.weak}`,
  }),
});
