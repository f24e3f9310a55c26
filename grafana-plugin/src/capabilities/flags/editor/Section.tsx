// A part of the editor: a heading, a sentence, what can be added, and what is there.
import { css } from '@emotion/css';
import type { ReactNode } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Text, useStyles2 } from '@grafana/ui';

interface Props {
  readonly title: string;
  readonly text?: string;
  /** Stands beside the heading. */
  readonly action?: ReactNode;
  readonly children?: ReactNode;
}

export function Section({ title, text, action, children }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <section className={styles.section} aria-label={title}>
      <div className={styles.head}>
        <div>
          <Text element="h2" variant="h5">
            {title}
          </Text>
          {text && (
            <Text element="p" color="secondary" variant="bodySmall">
              {text}
            </Text>
          )}
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}

export const AddButton = ({ children, onClick, disabled }: { children: string; onClick: () => void; disabled: boolean }) => (
  <Button size="sm" variant="secondary" icon="plus" disabled={disabled} onClick={onClick}>
    {children}
  </Button>
);

const getStyles = (theme: GrafanaTheme2) => ({
  section: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    padding: theme.spacing(1.5, 2),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  head: css({ display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: theme.spacing(2) }),
});
