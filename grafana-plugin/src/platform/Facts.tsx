// Terms and their values, one to a line: what a drawer or a card says about one thing.
import { css } from '@emotion/css';
import type { ReactNode } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

interface Props {
  readonly facts: ReadonlyArray<readonly [term: string, value: ReactNode]>;
  /** What the list is about, for screen readers. */
  readonly label?: string;
}

export function Facts({ facts, label }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <dl className={styles.facts} aria-label={label}>
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  facts: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(14ch, max-content) 1fr',
    gap: theme.spacing(1, 2),
    margin: 0,
    '& > div': { display: 'contents' },
    dt: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
    dd: { margin: 0, overflowWrap: 'anywhere' },
  }),
});
