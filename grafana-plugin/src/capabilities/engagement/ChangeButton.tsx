// Opens a form for a write of this capability; greyed with the reason for who may not.
import { Button, type IconName } from '@grafana/ui';
import { roleNames, rolesWith, useMe } from '../../platform/me.tsx';

const PERMISSION = 'engagement:write';

interface Props {
  readonly label: string;
  /** What it acts on, for screen readers. */
  readonly on?: string;
  readonly icon: IconName;
  readonly onClick: () => void;
}

export function ChangeButton({ label, on, icon, onClick }: Props) {
  const { can } = useMe();
  const tooltip = can(PERMISSION) ? undefined : `Needs the role ${roleNames(rolesWith(PERMISSION))}`;
  return (
    <Button size="sm" variant="secondary" icon={icon} disabled={tooltip !== undefined} tooltip={tooltip} aria-label={on === undefined ? label : `${label} ${on}`} onClick={onClick}>
      {label}
    </Button>
  );
}
