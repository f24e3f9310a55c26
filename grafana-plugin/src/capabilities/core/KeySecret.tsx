// The secret of a key that was just made, shown this once.
import { css } from '@emotion/css';
import type { ProjectKeyRow } from '@admin-center/contracts/core-keys';
import { Alert, Button, Drawer, Stack, Text, useStyles2 } from '@grafana/ui';
import { SecretBox } from '../../platform/SecretBox.tsx';

export interface MadeKey {
  readonly key: ProjectKeyRow;
  readonly secret: string;
}

export function KeySecret({ made: { key, secret }, onClose }: { readonly made: MadeKey; readonly onClose: () => void }) {
  const styles = useStyles2(getStyles);
  return (
    <Drawer title="The key is made" subtitle={`For ${key.name}`} onClose={onClose} size="md">
      <Stack direction="column" gap={2}>
        <Alert severity="warning" title="Shown only now" bottomSpacing={0}>
          Copy it to where it is used before you close this. It is kept nowhere; a lost key is rotated.
        </Alert>
        <SecretBox secret={secret} label="Project key" copyLabel="Copy the key" />
        {key.kind === 'server' ? (
          <>
            <Text color="secondary">In the host application:</Text>
            <pre className={styles.code}>{"const center = adminCenter({ url: process.env.ADMIN_CENTER_URL, key: process.env.ADMIN_CENTER_KEY });\napp.use(center.middleware());"}</pre>
          </>
        ) : (
          <Text color="secondary">It is sent as “Authorization: Bearer” to /ofrep/v1, by any OpenFeature provider for OFREP.</Text>
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

const getStyles = () => ({ code: css({ whiteSpace: 'pre-wrap' }) });
