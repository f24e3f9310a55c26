// The switch and buttons that change a flag's state, each behind its dialog and greyed for roles that may not.
import { useState } from 'react';
import type { FlagSummary } from '@admin-center/contracts/flags';
import { Button, Switch, Tooltip, type ButtonProps, type IconName } from '@grafana/ui';
import { roleNames, rolesWith, useMe } from '../../platform/me.tsx';
import { FlagStateDialog, STATE_VERBS, type SwitchableFlag } from './FlagStateDialog.tsx';

const PERMISSION = 'flags:write';

export const useMayWrite = (): { readonly allowed: boolean; readonly refusal: string | undefined } => {
  const allowed = useMe().can(PERMISSION);
  return { allowed, refusal: allowed ? undefined : `Needs the role ${roleNames(rolesWith(PERMISSION))}` };
};

interface Props {
  readonly flag: SwitchableFlag;
  readonly onChanged: () => void;
}

export function FlagSwitch({ flag, onChanged }: Props) {
  const { refusal } = useMayWrite();
  const [isOpen, setIsOpen] = useState(false);
  const isOn = flag.state === 'on';
  const why = flag.state === 'archived' ? 'Archived; bring it back first' : refusal;
  const control = <Switch aria-label={`${flag.key} is ${flag.state}`} value={isOn} disabled={why !== undefined} onChange={() => setIsOpen(true)} />;
  return (
    <>
      {why === undefined ? control : <Tooltip content={why}><span>{control}</span></Tooltip>}
      {isOpen && <FlagStateDialog flag={flag} to={isOn ? 'off' : 'on'} onChanged={onChanged} onClose={() => setIsOpen(false)} />}
    </>
  );
}

/** The one thing one may want beyond the switch: kill what is on, archive what is not, bring back what is archived. */
const BEYOND: Readonly<Record<FlagSummary['state'], { to: FlagSummary['state']; label: string; icon: IconName }>> = {
  on: { to: 'killed', label: STATE_VERBS.killed, icon: 'times-circle' },
  off: { to: 'archived', label: STATE_VERBS.archived, icon: 'archive-alt' },
  killed: { to: 'archived', label: STATE_VERBS.archived, icon: 'archive-alt' },
  archived: { to: 'off', label: 'Bring back', icon: 'history' },
};

export function FlagStateButton({ flag, onChanged, size = 'sm' }: Props & { size?: ButtonProps['size'] }) {
  const { refusal } = useMayWrite();
  const [isOpen, setIsOpen] = useState(false);
  const { to, label, icon } = BEYOND[flag.state];
  return (
    <>
      <Button
        size={size}
        variant={to === 'killed' ? 'destructive' : 'secondary'}
        fill={to === 'killed' ? 'outline' : 'solid'}
        icon={icon}
        disabled={refusal !== undefined}
        tooltip={refusal}
        aria-label={`${label} ${flag.key}`}
        onClick={() => setIsOpen(true)}
      >
        {label}
      </Button>
      {isOpen && <FlagStateDialog flag={flag} to={to} onChanged={onChanged} onClose={() => setIsOpen(false)} />}
    </>
  );
}
