// The newest admin actions, beside the graphs they may explain.
import { audit } from '@admin-center/contracts/audit';
import { locationService } from '@grafana/runtime';
import { LinkButton, PanelChrome } from '@grafana/ui';
import { DataTable } from '../../platform/DataTable.tsx';
import { Gate } from '../../platform/Gate.tsx';
import { Loaded } from '../../platform/Loaded.tsx';
import type { PageRange } from '../../platform/scene/ranged.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { auditEntryUrl, pageUrl } from '../../routes.ts';
import { auditColumns } from './audit-columns.tsx';

const SHOWN = 8;
const columns = auditColumns(({ sequence, target }) => locationService.push(auditEntryUrl(sequence, target.id)));

function Latest({ range }: { range: PageRange }) {
  const result = useApi(audit.endpoints.list, { query: { limit: SHOWN } });
  useReload(result.reload, range.to);
  return (
    <Loaded result={result} what="the latest actions" compact>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title="No admin has done anything yet" compact>
            Suspending a user, for example, appears here and as a mark on every graph.
          </Empty>
        ) : (
          <DataTable label="Latest admin actions" columns={columns} rows={items} rowKey={({ sequence }) => String(sequence)} />
        )
      }
    </Loaded>
  );
}

export const LatestActions = ({ range }: { range: PageRange }) => (
  <PanelChrome
    title="Latest admin actions"
    actions={
      <LinkButton size="sm" variant="secondary" fill="text" href={pageUrl('audit')}>
        Open the audit log
      </LinkButton>
    }
  >
    <Gate permission="audit:read" what="The audit log" compact>
      <Latest range={range} />
    </Gate>
  </PanelChrome>
);
