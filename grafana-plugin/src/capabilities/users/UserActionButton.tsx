// Suspend an active user, reactivate a suspended one: the button, the dialog behind it, and the way back right after.
import { users, type UserSummary } from '@admin-center/contracts/users';
import type { ButtonProps } from '@grafana/ui';
import { ActionButton } from '../../platform/ActionButton.tsx';
import { call } from '../../platform/api.ts';
import { nameOf } from './names.ts';

const { suspend, suspendPreview, reactivate, reactivatePreview } = users.endpoints;
const ACTIONS = {
  active: {
    verb: 'Suspend',
    icon: 'ban',
    preview: suspendPreview,
    execute: suspend,
    explanation: 'They are signed out everywhere and cannot sign in until someone reactivates them. Subscriptions go on.',
  },
  suspended: {
    verb: 'Reactivate',
    icon: 'play',
    preview: reactivatePreview,
    execute: reactivate,
    explanation: 'They may sign in again. Sessions that were ended stay ended.',
  },
} as const;
const INVERSE = { active: 'suspended', suspended: 'active' } as const;

interface Props {
  readonly user: Pick<UserSummary, 'id' | 'email' | 'name' | 'state'>;
  readonly onChanged: () => void;
  readonly size?: ButtonProps['size'];
}

export function UserActionButton({ user, onChanged, size }: Props) {
  if (user.state === 'deleted') {
    return null;
  }
  const { verb, icon, preview, execute, explanation } = ACTIONS[user.state];
  const inverse = ACTIONS[INVERSE[user.state]];
  const params = { userId: user.id };
  return (
    <ActionButton
      label={verb}
      on={user.email}
      icon={icon}
      size={size}
      permission={execute.permission}
      audit={execute.audit}
      title={`${verb} ${nameOf(user)}`}
      explanation={`${user.email}. ${explanation}`}
      confirmLabel={`${verb} user`}
      destructive={user.state === 'active'}
      preview={(signal) => call(preview, { params }, { signal })}
      execute={(body, idempotencyKey) => call(execute, { params, body }, { idempotencyKey })}
      undo={() => ({
        audit: inverse.execute.audit,
        label: `${inverse.verb} ${user.email}`,
        execute: (body, idempotencyKey) => call(inverse.execute, { params, body }, { idempotencyKey }),
      })}
      onDone={onChanged}
    />
  );
}
