// What a granted request answers, shown this once: the code the host exchanges for the session, and the way there.
import type { ResponseOf } from '@admin-center/contracts/capability';
import type { impersonation } from '@admin-center/contracts/impersonation';
import { Alert, Button, ClipboardButton, Drawer, LinkButton, Stack, Text } from '@grafana/ui';
import { Countdown } from '../../platform/Countdown.tsx';
import { SecretBox } from '../../platform/SecretBox.tsx';

export type Granted = ResponseOf<typeof impersonation.endpoints.request>;

export function HandOff({ granted, onClose }: { granted: Granted; onClose: () => void }) {
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
          <SecretBox secret={code} label="One-time code" copyLabel="Copy the code" />
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
