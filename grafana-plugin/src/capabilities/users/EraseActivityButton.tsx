// Erases what a user did: how much it is, why, and no way back. Only who may do it sees it, since nobody else is to be tempted.
import { engagement } from '@admin-center/contracts/engagement';
import type { ErasurePreview } from '@admin-center/contracts/engagement-answers';
import type { UserSummary } from '@admin-center/contracts/users';
import { ActionButton } from '../../platform/ActionButton.tsx';
import { call } from '../../platform/api.ts';
import { plural } from '../../platform/format.ts';
import { useMe } from '../../platform/me.tsx';
import { nameOf } from './names.ts';

const { erase, erasePreview } = engagement.endpoints;

interface Props {
  readonly user: Pick<UserSummary, 'id' | 'email' | 'name'>;
  readonly onChanged: () => void;
}

export function EraseActivityButton({ user, onChanged }: Props) {
  const { can } = useMe();
  if (!can(erase.permission)) {
    return null;
  }
  const params = { userId: user.id };
  return (
    <ActionButton
      label="Erase activity"
      on={user.email}
      icon="trash-alt"
      permission={erase.permission}
      audit={erase.audit}
      title={`Erase the activity of ${nameOf(user)}`}
      explanation={`All events of ${user.email} are deleted and taken out of every number, as if they had never been. The account, its payments and the audit log stay.`}
      confirmLabel="Erase activity"
      destructive
      preview={(signal) => call(erasePreview, { params }, { signal })}
      facts={factsOf}
      execute={(body, idempotencyKey) => call(erase, { params, body }, { idempotencyKey })}
      onDone={onChanged}
    />
  );
}

const factsOf = ({ events, days, since, visitors }: ErasurePreview): ReadonlyArray<readonly [string, string]> => [
  ['Events', since === null ? 'none' : `${plural(events, 'event')} on ${plural(days, 'day')}, the first on ${since.slice(0, 10)}`],
  ['Visitors who turned out to be them', String(visitors)],
];
