// Asks for a session with one user; greyed, with the reason, where that cannot be.
import { useState } from 'react';
import type { UserSummary } from '@admin-center/contracts/users';
import { Button, type ButtonProps } from '@grafana/ui';
import { roleNames, rolesWith, useMe } from '../../platform/me.tsx';
import { RequestDrawer } from './RequestDrawer.tsx';

const PERMISSION = 'impersonation:write';

interface Props {
  readonly user: Pick<UserSummary, 'id' | 'email' | 'state'> & { readonly isAdmin?: boolean };
  readonly size?: ButtonProps['size'];
}

/** What can be told without asking; the preview tells the rest. */
function refusal({ state, isAdmin }: Props['user']): string | undefined {
  if (state === 'suspended') {
    return 'A suspended user cannot be impersonated.';
  }
  return isAdmin ? 'Whoever holds an admin role is never impersonated.' : undefined;
}

export function ImpersonateButton({ user, size = 'sm' }: Props) {
  const { can } = useMe();
  const [isOpen, setIsOpen] = useState(false);
  if (user.state === 'deleted') {
    return null;
  }
  const tooltip = can(PERMISSION) ? refusal(user) : `Needs the role ${roleNames(rolesWith(PERMISSION))}`;
  return (
    <>
      <Button size={size} variant="secondary" icon="user" disabled={tooltip !== undefined} tooltip={tooltip} aria-label={`Impersonate ${user.email}`} onClick={() => setIsOpen(true)}>
        Impersonate
      </Button>
      {isOpen && <RequestDrawer linked={{ userId: user.id }} onClose={() => setIsOpen(false)} />}
    </>
  );
}
