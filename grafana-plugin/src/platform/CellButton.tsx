// A cell of a table that opens something: it reads like the links beside it and lines up with the column's header, which
// Grafana's text buttons do not, as they keep room around their words.
import { css, cx } from '@emotion/css';
import type { ReactNode } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, LinkButton, useStyles2 } from '@grafana/ui';

interface Props {
  /** As the column. */
  readonly align?: 'right';
  readonly 'aria-label'?: string;
  readonly children: ReactNode;
}

export function CellButton({ align, ...props }: Props & { readonly onClick: () => void; readonly disabled?: boolean }) {
  const styles = useStyles2(getStyles);
  return <Button size="sm" fill="text" variant="primary" className={cx(styles.words, align === 'right' ? styles.right : styles.left)} {...props} />;
}

export function CellLink({ align, ...props }: Props & { readonly href: string }) {
  const styles = useStyles2(getStyles);
  return <LinkButton size="sm" fill="text" variant="primary" className={cx(styles.words, align === 'right' ? styles.right : styles.left)} {...props} />;
}

const getStyles = (theme: GrafanaTheme2) => ({
  words: css({ '&&': { fontSize: theme.typography.body.fontSize, fontWeight: theme.typography.fontWeightRegular } }),
  left: css({ marginLeft: theme.spacing(-1) }),
  right: css({ marginRight: theme.spacing(-1) }),
});
