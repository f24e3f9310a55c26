// On the Overview: requests of other admins that wait for me. Nothing is shown while there are none.
import { audit } from '@admin-center/contracts/audit';
import { Alert, LinkButton } from '@grafana/ui';
import { plural } from '../../platform/format.ts';
import { useMe } from '../../platform/me.tsx';
import type { PageRange } from '../../platform/scene/ranged.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { pageUrl } from '../../routes.ts';

export function ApprovalsWaiting({ range }: { range: PageRange }) {
  const { can } = useMe();
  return can('audit:approve') ? <Waiting range={range} /> : null;
}

function Waiting({ range }: { range: PageRange }) {
  const result = useApi(audit.endpoints.approvals, { query: { open: 'true', limit: 100 } });
  useReload(result.reload, range.to);
  const waiting = result.data?.items.filter(({ mayDecide }) => mayDecide) ?? [];
  if (waiting.length === 0) {
    return null;
  }
  const requesters = [...new Set(waiting.map(({ requester }) => requester))].join(', ');
  return (
    <Alert severity="warning" title={`${plural(waiting.length, 'request waits', 'requests wait')} for your approval`} bottomSpacing={0} action={<LinkButton size="sm" variant="secondary" href={pageUrl('audit')}>Look at the approvals</LinkButton>}>
      {`From ${requesters}. Each expires 24 hours after it was asked for.`}
    </Alert>
  );
}
