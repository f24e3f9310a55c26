// Turning a flag on or off, killing it, archiving it: who is served another variant by that, why, confirm.
import { useRef } from 'react';
import { flagDetail, flags, type FlagSummary } from '@admin-center/contracts/flags';
import { toApiError } from '../../platform/api-error.ts';
import { call } from '../../platform/api.ts';
import { ConfirmAction } from '../../platform/ConfirmAction.tsx';
import { done } from '../../platform/done.ts';
import { moveFacts } from './moves.ts';

const { preview, setState } = flags.endpoints;

type FlagState = FlagSummary['state'];
export type SwitchableFlag = Pick<FlagSummary, 'key' | 'name' | 'state' | 'version'>;

export const STATE_VERBS: Readonly<Record<FlagState, string>> = { on: 'Turn on', off: 'Turn off', killed: 'Kill', archived: 'Archive' };

const EXPLANATIONS: Readonly<Record<FlagState, string>> = {
  on: 'Its rules take effect within a second on every host.',
  off: 'Everybody is served the off variant within a second. The rules stay as they are.',
  killed: 'Everybody is served the off variant within a second, a ramp stops, and the flag is marked as killed until somebody turns it on again.',
  archived: 'Hosts are told that the flag does not exist, so that code falls back to its own default. History stays.',
};

interface Props {
  readonly flag: SwitchableFlag;
  readonly to: FlagState;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

export function FlagStateDialog({ flag, to, onChanged, onClose }: Props) {
  const params = { key: flag.key };
  // After a conflict the dialog shows what the write would do to the newer version; confirming again means that one.
  const version = useRef(flag.version);
  const bringsBack = flag.state === 'archived' && to === 'off';
  const verb = bringsBack ? 'Bring back' : STATE_VERBS[to];
  return (
    <ConfirmAction
      title={`${verb} ${flag.name}`}
      explanation={`${flag.key}. ${bringsBack ? 'It is served again, turned off.' : EXPLANATIONS[to]}`}
      confirmLabel={`${verb} flag`}
      destructive={to === 'killed' || to === 'archived'}
      preview={(signal) => call(preview, { params, body: { change: { kind: 'state', state: to } } }, { signal })}
      facts={moveFacts}
      execute={async (body, idempotencyKey) => {
        try {
          return await call(setState, { params, body: { ...body, state: to, version: version.current } }, { idempotencyKey });
        } catch (error) {
          const newer = flagDetail.safeParse(toApiError(error).extensions.current);
          version.current = newer.data?.version ?? version.current;
          throw error;
        }
      }}
      onClose={onClose}
      onDone={(result) => {
        onClose();
        const undo = {
          audit: setState.audit,
          label: `${flag.key} is ${flag.state} again`,
          execute: (body: { reason: string }, idempotencyKey: string) => call(setState, { params, body: { ...body, state: flag.state, version: result.flag.version } }, { idempotencyKey }),
        };
        done(setState.audit, result, onChanged, undo);
      }}
    />
  );
}
