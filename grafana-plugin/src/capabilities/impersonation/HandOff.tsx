// What a granted request answers, shown this once: the code the host exchanges for the session, and the way there.
import { css } from '@emotion/css';
import type { ResponseOf } from '@admin-center/contracts/capability';
import type { impersonation } from '@admin-center/contracts/impersonation';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, ClipboardButton, Drawer, LinkButton, Stack, Text, useStyles2 } from '@grafana/ui';
import { Countdown } from '../../platform/Countdown.tsx';

export type Granted = ResponseOf<typeof impersonation.endpoints.request>;

export function HandOff({ granted, onClose }: { granted: Granted; onClose: () => void }) {
  const styles = useStyles2(getStyles);
  const { code, handOffUrl, session } = granted;
  return (
    <Drawer title="The session is granted" subtitle={`As ${session.user.email ?? session.user.id}, for as long as the session lasts once it is opened.`} onClose={onClose} size="md">
      <Stack direction="column" gap={2}>
        <Alert severity="info" title="Shown only now" bottomSpacing={0}>
          The code works once and is not kept anywhere it could be read again. Close this without using it and it expires by itself.
        </Alert>
        <div>
          <Text element="h3" variant="h6">
            One-time code
          </Text>
          <div className={styles.code}>
            <code aria-label="One-time code">{code}</code>
            <ClipboardButton size="sm" variant="secondary" icon="copy" aria-label="Copy the code" getText={() => code}>
              Copy
            </ClipboardButton>
          </div>
        </div>
        <Text color="secondary">
          Expires in <Countdown seconds={session.remainingSeconds} label="Time left to use the code" over="no time: it has expired" />
        </Text>
        {handOffUrl === null ? (
          <Text>Enter the code on the sign-in page of the product. No address of it is configured here, so there is no link.</Text>
        ) : (
          <Stack direction="row" gap={1}>
            <LinkButton icon="external-link-alt" href={handOffUrl} target="_blank" rel="noreferrer">
              Open the session
            </LinkButton>
            <ClipboardButton variant="secondary" icon="copy" getText={() => handOffUrl}>
              Copy the link
            </ClipboardButton>
          </Stack>
        )}
        <Stack direction="row" justifyContent="flex-end">
          <Button variant="secondary" onClick={onClose}>
            Done
          </Button>
        </Stack>
      </Stack>
    </Drawer>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  code: css({
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
