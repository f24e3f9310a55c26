// An audit entry as a row: on the Audit page, and as the latest actions on the Overview.
import type { AuditEntry } from '@admin-center/contracts/audit';
import { TextLink } from '@grafana/ui';
import { CellButton } from '../../platform/CellButton.tsx';
import type { Column } from '../../platform/DataTable.tsx';
import { words } from '../../platform/format.ts';
import { StatusBadge } from '../../platform/StatusBadge.tsx';
import { Ago } from '../../platform/time.tsx';
import { flagUrl, userUrl } from '../../routes.ts';
import { campaignUrl } from '../promotions/urls.ts';

/** Ids are shown by their beginning, names whole. */
const UUID = /^([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const shortened = (id: string): string => UUID.exec(id)?.[1] ?? id;

export const actorName = ({ actor }: AuditEntry): string => actor.email ?? (actor.role === 'system' ? 'the system' : 'erased');

/** What has a page of its own leads there. */
const PAGES: Readonly<Partial<Record<string, (id: string) => string>>> = { user: userUrl, flag: flagUrl, campaign: campaignUrl };

export function Target({ target: { type, id } }: { target: AuditEntry['target'] }) {
  const page = PAGES[type];
  return page ? (
    <TextLink href={page(id)} color="link" inline={false} aria-label={`${type.charAt(0).toUpperCase()}${type.slice(1)} ${id}`}>
      {`${type} ${shortened(id)}`}
    </TextLink>
  ) : (
    <span title={`${type} ${id}`}>{`${type} ${shortened(id)}`}</span>
  );
}

export const auditColumns = (onOpen: (entry: AuditEntry) => void): ReadonlyArray<Column<AuditEntry>> => [
  { id: 'sequence', header: 'No.', align: 'right', cell: ({ sequence }) => sequence, wideOnly: true },
  { id: 'at', header: 'When', cell: ({ at }) => <Ago at={at} /> },
  {
    id: 'action',
    header: 'Action',
    cell: (entry) => (
      <CellButton aria-label={`Open entry ${entry.sequence}, ${entry.action}`} onClick={() => onOpen(entry)}>
        {entry.action}
      </CellButton>
    ),
  },
  { id: 'outcome', header: 'Outcome', cell: ({ outcome }) => <StatusBadge status={outcome} /> },
  { id: 'actor', header: 'By', cell: (entry) => actorName(entry) },
  { id: 'role', header: 'As', cell: ({ actor }) => words(actor.role), wideOnly: true },
  { id: 'target', header: 'On', cell: ({ target }) => <Target target={target} />, wrap: true },
  { id: 'reason', header: 'Reason', cell: ({ reason }) => <Reason text={reason} />, fills: true, wideOnly: true },
];

export const Reason = ({ text }: { text: string | null }) => <span title={text ?? undefined}>{text ?? '–'}</span>;
