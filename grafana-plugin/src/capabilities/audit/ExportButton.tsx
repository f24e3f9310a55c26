// The filtered audit log as a CSV file. An export is an audited action itself, so it asks for a reason.
import { useState } from 'react';
import { audit } from '@admin-center/contracts/audit';
import { Button } from '@grafana/ui';
import { adminActions } from '../../platform/admin-actions.ts';
import { call } from '../../platform/api.ts';
import { ConfirmAction } from '../../platform/ConfirmAction.tsx';
import { download } from '../../platform/download.ts';
import { roleNames, rolesWith, useMe } from '../../platform/me.tsx';
import { auditQuery, type AuditFilters } from './filters.ts';

const PERMISSION = 'audit:write';

interface Props {
  readonly filters: AuditFilters;
  readonly range: { readonly from: string; readonly to: string };
}

export function ExportButton({ filters, range }: Props) {
  const { can } = useMe();
  const [isOpen, setIsOpen] = useState(false);
  const allowed = can(PERMISSION);
  return (
    <>
      <Button
        variant="secondary"
        icon="download-alt"
        disabled={!allowed}
        tooltip={allowed ? undefined : `Needs the role ${roleNames(rolesWith(PERMISSION))}`}
        onClick={() => setIsOpen(true)}
      >
        Export CSV
      </Button>
      {isOpen && (
        <ConfirmAction
          title="Export the audit log"
          explanation="Saves the entries of this filter and time range as CSV, at most 100,000 rows. The export is recorded in the log."
          confirmLabel="Export"
          execute={({ reason }, idempotencyKey) => call(audit.endpoints.export, { body: { ...auditQuery(filters, range), reason } }, { idempotencyKey })}
          onClose={() => setIsOpen(false)}
          onDone={(csv) => {
            setIsOpen(false);
            download(`audit-${range.from.slice(0, 10)}-${range.to.slice(0, 10)}.csv`, csv, 'text/csv');
            adminActions.next({ action: audit.endpoints.export.audit, auditSequence: null });
          }}
        />
      )}
    </>
  );
}
