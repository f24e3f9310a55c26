// Suspend an active user, reactivate a suspended one: the button and the dialog behind it.
import { useState } from 'react';
import { users, type UserSummary } from '@admin-center/contracts/users';
import { Button, type ButtonProps } from '@grafana/ui';
import { adminActions } from '../../platform/admin-actions.ts';
import { call } from '../../platform/api.ts';
import { ConfirmAction } from '../../platform/ConfirmAction.tsx';
import { roleNames, rolesWith, useMe } from '../../platform/me.tsx';
import { toastSuccess } from '../../platform/toast.ts';

const PERMISSION = 'users:write';

const { suspend, suspendPreview, reactivate, reactivatePreview } = users.endpoints;
const ACTIONS = {
  active: {
    verb: 'Suspend',
    icon: 'ban',
    preview: suspendPreview,
    execute: suspend,
    audit: suspend.audit,
    explanation: 'They are signed out everywhere and cannot sign in until someone reactivates them. Subscriptions go on.',
  },
  suspended: {
    verb: 'Reactivate',
    icon: 'play',
    preview: reactivatePreview,
    execute: reactivate,
    audit: reactivate.audit,
    explanation: 'They may sign in again. Sessions that were ended stay ended.',
  },
} as const;

interface Props {
  readonly user: Pick<UserSummary, 'id' | 'email' | 'name' | 'state'>;
  readonly onChanged: () => void;
  readonly size?: ButtonProps['size'];
}

export function UserActionButton({ user, onChanged, size = 'sm' }: Props) {
  const { can } = useMe();
  const [isOpen, setIsOpen] = useState(false);
  if (user.state === 'deleted') {
    return null;
  }
  const { verb, icon, preview, execute, audit, explanation } = ACTIONS[user.state];
  const allowed = can(PERMISSION);
  const params = { userId: user.id };
  return (
    <>
      <Button
        size={size}
        variant="secondary"
        icon={icon}
        disabled={!allowed}
        tooltip={allowed ? undefined : `Needs the role ${roleNames(rolesWith(PERMISSION))}`}
        aria-label={`${verb} ${user.email}`}
        onClick={() => setIsOpen(true)}
      >
        {verb}
      </Button>
      {isOpen && (
        <ConfirmAction
          title={`${verb} ${user.name ?? user.email}`}
          explanation={`${user.email}. ${explanation}`}
          confirmLabel={`${verb} user`}
          destructive={user.state === 'active'}
          preview={(signal) => call(preview, { params }, { signal })}
          execute={(body, idempotencyKey) => call(execute, { params, body }, { idempotencyKey })}
          onClose={() => setIsOpen(false)}
          onDone={({ message, auditSequence }) => {
            setIsOpen(false);
            toastSuccess(message);
            adminActions.next({ action: audit, auditSequence });
            onChanged();
          }}
        />
      )}
    </>
  );
}
