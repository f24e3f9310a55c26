// Opens the form that makes something; greyed for those whose role may not.
import { useState, type ReactNode } from 'react';
import { Button } from '@grafana/ui';
import { roleNames, rolesWith, useMe } from '../../platform/me.tsx';

const PERMISSION = 'promotions:write';

interface Props {
  readonly label: string;
  readonly variant?: 'primary' | 'secondary';
  readonly form: (close: () => void) => ReactNode;
}

export function NewButton({ label, variant = 'primary', form }: Props) {
  const { can } = useMe();
  const [isOpen, setIsOpen] = useState(false);
  const allowed = can(PERMISSION);
  return (
    <>
      <Button icon="plus" variant={variant} disabled={!allowed} tooltip={allowed ? undefined : `Needs the role ${roleNames(rolesWith(PERMISSION))}`} onClick={() => setIsOpen(true)}>
        {label}
      </Button>
      {isOpen && form(() => setIsOpen(false))}
    </>
  );
}
