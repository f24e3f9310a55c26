// A button for an audited write: greyed with the reason where the role or the state of the thing forbids it, else the way
// through preview, reason and confirmation to a toast and fresh lists.
import { useState } from 'react';
import type { BlastRadius } from '@admin-center/contracts/fields';
import { Button, type ButtonProps, type IconName } from '@grafana/ui';
import { ConfirmAction, type Confirmation } from './ConfirmAction.tsx';
import { done, type Done } from './done.ts';
import { roleNames, rolesWith, useMe } from './me.tsx';
import type { Undo } from './undo/undo-offers.ts';

interface Props<Result extends Done, Radius extends BlastRadius> {
  readonly label: string;
  /** What the button acts on, for screen readers: "maya@example.com". */
  readonly on: string;
  readonly icon: IconName;
  readonly permission: string;
  /** Why this thing cannot be done now, as a sentence. */
  readonly refusal?: string;
  /** Audit action it is recorded as. */
  readonly audit: string;
  readonly title: string;
  readonly explanation: string;
  readonly confirmLabel: string;
  readonly destructive?: boolean;
  readonly size?: ButtonProps['size'];
  readonly preview?: (signal: AbortSignal) => Promise<Radius>;
  readonly facts?: (radius: Radius) => ReadonlyArray<readonly [string, string]>;
  readonly execute: (confirmation: Confirmation, idempotencyKey: string) => Promise<Result>;
  /** The write that takes this one back, offered right after it; left out where there is none. */
  readonly undo?: (result: Result) => Undo;
  readonly onDone: (result: Result) => void;
}

export function ActionButton<Result extends Done, Radius extends BlastRadius = BlastRadius>(props: Props<Result, Radius>) {
  const { label, on, icon, permission, refusal, audit, title, explanation, confirmLabel, destructive, size = 'sm', preview, facts, execute, undo, onDone } = props;
  const { can } = useMe();
  const [isOpen, setIsOpen] = useState(false);
  const tooltip = can(permission) ? refusal : `Needs the role ${roleNames(rolesWith(permission))}`;
  return (
    <>
      <Button size={size} variant="secondary" icon={icon} disabled={tooltip !== undefined} tooltip={tooltip} aria-label={`${label} ${on}`} onClick={() => setIsOpen(true)}>
        {label}
      </Button>
      {isOpen && (
        <ConfirmAction<Result, Radius>
          title={title}
          explanation={explanation}
          confirmLabel={confirmLabel}
          destructive={destructive}
          preview={preview}
          facts={facts}
          execute={execute}
          onClose={() => setIsOpen(false)}
          onDone={(result) => {
            setIsOpen(false);
            done(audit, result, onDone, undo?.(result));
          }}
        />
      )}
    </>
  );
}
