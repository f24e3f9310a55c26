// Batches of unique codes with their progress, and the file of a finished one. While one is made the list looks again by itself.
import { useEffect, useState } from 'react';
import { promotions, type CodeBatch } from '@admin-center/contracts/promotions';
import { Button, Stack } from '@grafana/ui';
import { adminActions } from '../../platform/admin-actions.ts';
import { call } from '../../platform/api.ts';
import { ConfirmAction } from '../../platform/ConfirmAction.tsx';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { download } from '../../platform/download.ts';
import { formatCount, plural } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { roleNames, rolesWith, useMe } from '../../platform/me.tsx';
import { Empty } from '../../platform/states.tsx';
import { Ago } from '../../platform/time.tsx';
import { StatusBadge } from '../../platform/StatusBadge.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';

const { exportBatch, listBatches } = promotions.endpoints;
const PERMISSION = 'promotions:write';
const LOOK_AGAIN_MS = 1500;
const isUnderWay = ({ state }: CodeBatch): boolean => state === 'queued' || state === 'running';

export function Batches({ couponId, campaignId }: { couponId: string; campaignId: string }) {
  const result = useApi(listBatches, { query: { couponId: couponId || undefined, campaignId: campaignId || undefined, limit: 10 } });
  useReload(result.reload);
  const { reload } = result;
  const underWay = result.status === 'ready' && result.data.items.some(isUnderWay);
  const made = result.data?.items.reduce((sum, batch) => sum + batch.made, 0);
  useEffect(() => {
    if (!underWay) {
      return;
    }
    const timer = setTimeout(reload, LOOK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [underWay, made, reload]);
  return (
    <Loaded result={result} what="batches" compact>
      {({ items }) => (items.length === 0 ? <Empty title="No batches yet" compact /> : <DataTable label="Batches" columns={BATCH_COLUMNS} rows={items} rowKey={({ id }) => id} />)}
    </Loaded>
  );
}

const BATCH_COLUMNS: ReadonlyArray<Column<CodeBatch>> = [
  { id: 'createdAt', header: 'Made', cell: ({ createdAt }) => <Ago at={createdAt} /> },
  { id: 'coupon', header: 'Coupon', cell: ({ coupon, campaign }) => (campaign ? `${coupon.name}, ${campaign.name}` : coupon.name) },
  { id: 'state', header: 'State', cell: ({ state, error }) => (error ? `${state}: ${error}` : <StatusBadge status={state} />), wrap: true },
  { id: 'progress', header: 'Codes', cell: (batch) => <Progress batch={batch} /> },
  { id: 'createdBy', header: 'By', cell: ({ createdBy }) => createdBy, wideOnly: true },
  { id: 'file', header: 'File', align: 'right', cell: (batch) => <DownloadButton batch={batch} /> },
];

function Progress({ batch }: { batch: CodeBatch }) {
  const { made, count } = batch;
  return isUnderWay(batch) ? (
    <Stack direction="row" gap={1} alignItems="center">
      <progress aria-label={`Codes of the batch of ${batch.coupon.name} made`} max={count} value={made} />
      {formatCount(made)} of {formatCount(count)}
    </Stack>
  ) : (
    <>{formatCount(made)}</>
  );
}

/** The file holds secrets of a kind, so fetching it is an audited action with a reason. */
function DownloadButton({ batch }: { batch: CodeBatch }) {
  const { can } = useMe();
  const [isOpen, setIsOpen] = useState(false);
  if (batch.state !== 'done') {
    return null;
  }
  const allowed = can(PERMISSION);
  return (
    <>
      <Button size="sm" variant="secondary" icon="download-alt" disabled={!allowed} tooltip={allowed ? undefined : `Needs the role ${roleNames(rolesWith(PERMISSION))}`} aria-label={`Download the codes of ${batch.coupon.name}`} onClick={() => setIsOpen(true)}>
        CSV
      </Button>
      {isOpen && (
        <ConfirmAction
          title={`Download ${plural(batch.count, 'code')}`}
          explanation="Whoever holds the file can give the codes away. The download is recorded in the audit log."
          confirmLabel="Download"
          execute={({ reason }, idempotencyKey) => call(exportBatch, { params: { batchId: batch.id }, body: { reason } }, { idempotencyKey })}
          onClose={() => setIsOpen(false)}
          onDone={(csv) => {
            setIsOpen(false);
            download(`codes-${batch.coupon.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.csv`, csv, 'text/csv');
            adminActions.next({ action: exportBatch.audit, auditSequence: null });
          }}
        />
      )}
    </>
  );
}
