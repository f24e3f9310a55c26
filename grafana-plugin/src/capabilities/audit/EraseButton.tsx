// Erases the personal details of one audit entry (S12). The entry and its place in the chain stay.
import { useState } from 'react';
import { audit, type AuditEntry } from '@admin-center/contracts/audit';
import { Button } from '@grafana/ui';
import { adminActions } from '../../platform/admin-actions.ts';
import { call } from '../../platform/api.ts';
import { ConfirmAction } from '../../platform/ConfirmAction.tsx';
import { useMe } from '../../platform/me.tsx';
import { toastSuccess } from '../../platform/toast.ts';

interface Props {
  readonly entry: AuditEntry;
  readonly onErased: (entry: AuditEntry) => void;
}

export function EraseButton({ entry, onErased }: Props) {
  const { can } = useMe();
  const [isOpen, setIsOpen] = useState(false);
  if (entry.erasedAt !== null || !can('audit:write')) {
    return null;
  }
  return (
    <div>
      <Button size="sm" variant="destructive" fill="outline" icon="trash-alt" onClick={() => setIsOpen(true)}>
        Erase personal details…
      </Button>
      {isOpen && (
        <ConfirmAction
          title={`Erase the details of entry ${entry.sequence}`}
          explanation="Removes the admin's e-mail, the reason, what changed and the address from this entry, for good. That something was done, when and to what stays, and the chain stays verifiable."
          confirmLabel="Erase for good"
          destructive
          execute={({ reason }, idempotencyKey) => call(audit.endpoints.erase, { params: { sequence: entry.sequence }, body: { reason } }, { idempotencyKey })}
          onClose={() => setIsOpen(false)}
          onDone={(erased) => {
            setIsOpen(false);
            toastSuccess(`The details of entry ${entry.sequence} are erased`);
            adminActions.next({ action: audit.endpoints.erase.audit, auditSequence: null });
            onErased(erased);
          }}
        />
      )}
    </div>
  );
}
