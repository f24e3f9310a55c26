// A secret that is shown this once, with the button that copies it.
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { ClipboardButton, useStyles2 } from '@grafana/ui';

interface Props {
  readonly secret: string;
  /** What it is, for screen readers: "Project key". */
  readonly label: string;
  /** Names the button: "Copy the key". */
  readonly copyLabel: string;
}

export function SecretBox({ secret, label, copyLabel }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.box}>
      <code aria-label={label}>{secret}</code>
      <ClipboardButton size="sm" variant="secondary" icon="copy" aria-label={copyLabel} getText={() => secret}>
        Copy
      </ClipboardButton>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    padding: theme.spacing(1, 1.5),
    background: theme.colors.background.secondary,
    borderRadius: theme.shape.radius.default,
    code: { fontSize: theme.typography.h5.fontSize, overflowWrap: 'anywhere' },
  }),
});
