// Requests for approval on the Audit page: what waits for me, what is open, what was decided.
import { useState } from 'react';
import { audit } from '@admin-center/contracts/audit';
import { Button, PanelChrome, RadioButtonGroup, Stack } from '@grafana/ui';
import { DataTable } from '../../platform/DataTable.tsx';
import { span } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { Pager, usePaging } from '../../platform/Pager.tsx';
import type { PageRange } from '../../platform/scene/ranged.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { openColumns, pastColumns } from './approval-columns.tsx';

const PAGE_SIZE = 10;
type Shown = 'open' | 'past';
const CHOICES: Array<{ value: Shown; label: string }> = [
  { value: 'open', label: 'Open' },
  { value: 'past', label: 'Past' },
];

export function Approvals({ range }: { range: PageRange }) {
  const [shown, setShown] = useState<Shown>('open');
  const paging = usePaging([shown]);
  const result = useApi(audit.endpoints.approvals, { query: { open: shown === 'open' ? 'true' : 'false', limit: PAGE_SIZE, cursor: paging.cursor } });
  useReload(result.reload, range.to);
  return (
    <PanelChrome
      title="Approvals"
      description="Writes that one admin may not do alone. Whoever asks cannot approve; an approval is used once, within 24 hours."
      actions={<RadioButtonGroup size="sm" options={CHOICES} value={shown} onChange={setShown} aria-label="Which approvals" />}
    >
      <Loaded result={result} what="approvals" compact>
        {({ items, nextCursor }, busy) =>
          items.length === 0 && paging.index === 0 ? (
            <NoApprovals shown={shown} onShowPast={() => setShown('past')} />
          ) : (
            <Stack direction="column" gap={1}>
              <DataTable label="Approvals" columns={shown === 'open' ? openColumns(result.reload) : pastColumns} rows={items} rowKey={({ id }) => id} busy={busy} />
              <Pager paging={paging} nextCursor={nextCursor} busy={busy} summary={`Requests ${span(paging.index * PAGE_SIZE + 1, items.length)}, newest first`} />
            </Stack>
          )
        }
      </Loaded>
    </PanelChrome>
  );
}

const NoApprovals = ({ shown, onShowPast }: { shown: Shown; onShowPast: () => void }) =>
  shown === 'open' ? (
    <Empty title="Nothing waits for an approval" compact actions={<Button size="sm" variant="secondary" fill="text" onClick={onShowPast}>Show past ones</Button>}>
      Actions that touch many paying users appear here before they happen.
    </Empty>
  ) : (
    <Empty title="Nothing was decided yet" compact />
  );
