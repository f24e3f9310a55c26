// Opens the request for any user; a link of a panel opens it at once, with what the link said.
import { useState } from 'react';
import { Button } from '@grafana/ui';
import { roleNames, rolesWith, useMe } from '../../platform/me.tsx';
import type { LinkedRequest } from './context.ts';
import { RequestDrawer } from './RequestDrawer.tsx';

const PERMISSION = 'impersonation:write';

interface Props {
  /** The request that is open from the start. */
  readonly opened?: LinkedRequest;
  /** What a request made by the button starts with. */
  readonly linked?: () => Partial<LinkedRequest>;
  readonly onClosed?: () => void;
}

export function RequestButton({ opened, linked, onClosed }: Props) {
  const { can } = useMe();
  const [open, setOpen] = useState<Partial<LinkedRequest> | undefined>(opened);
  const allowed = can(PERMISSION);
  const close = () => {
    setOpen(undefined);
    onClosed?.();
  };
  return (
    <>
      <Button size="sm" icon="user" disabled={!allowed} tooltip={allowed ? undefined : `Needs the role ${roleNames(rolesWith(PERMISSION))}`} onClick={() => setOpen(linked?.() ?? {})}>
        Impersonate a user
      </Button>
      {allowed && open && <RequestDrawer linked={open} onClose={close} />}
    </>
  );
}
