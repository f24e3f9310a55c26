// What can be done about a session under way: more time for one's own, or the end of anybody's.
import { impersonation, MINUTES_DEFAULT, MINUTES_MAX_IN_TOTAL, type ImpersonationSession } from '@admin-center/contracts/impersonation';
import { Stack } from '@grafana/ui';
import { ActionButton } from '../../platform/ActionButton.tsx';
import { call } from '../../platform/api.ts';
import { useMe } from '../../platform/me.tsx';

const PERMISSION = 'impersonation:write';
const { end, extend } = impersonation.endpoints;

interface Props {
  readonly session: ImpersonationSession;
  readonly onChanged: () => void;
}

export function SessionActions({ session, onChanged }: Props) {
  const { state } = useMe();
  const me = state.status === 'ready' ? state.me.user.email : null;
  const params = { sessionId: session.id };
  const on = `the session with ${session.user.email ?? session.user.id}`;
  return (
    <Stack direction="row" gap={1} justifyContent="flex-end">
      {session.state === 'active' && (
        <ActionButton
          label="Extend"
          on={on}
          icon="clock-nine"
          permission={PERMISSION}
          refusal={extendRefusal(session, me)}
          audit={extend.audit}
          title={`Extend ${on}`}
          explanation={`Adds up to ${MINUTES_DEFAULT} minutes, to ${MINUTES_MAX_IN_TOTAL} in all. A session is extended once.`}
          confirmLabel="Extend the session"
          execute={({ reason }, idempotencyKey) => call(extend, { params, body: { reason } }, { idempotencyKey })}
          onDone={onChanged}
        />
      )}
      <ActionButton
        label="End now"
        on={on}
        icon="times"
        permission={PERMISSION}
        audit={end.audit}
        title={`End ${on}`}
        explanation={`${session.admin.email ?? 'The admin'} is put out of the product with the next request. It cannot be taken back; a new session needs a new request.`}
        confirmLabel="End the session"
        destructive
        execute={({ reason }, idempotencyKey) => call(end, { params, body: { reason } }, { idempotencyKey })}
        onDone={onChanged}
      />
    </Stack>
  );
}

function extendRefusal({ extended, admin }: ImpersonationSession, me: string | null): string | undefined {
  if (admin.email !== me) {
    return 'Only the admin whose session it is can extend it.';
  }
  return extended ? 'It was extended once already.' : undefined;
}
