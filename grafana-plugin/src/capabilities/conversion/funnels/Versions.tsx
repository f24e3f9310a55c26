// The versions of a funnel: who changed it when, and why.
import { conversion } from '@admin-center/contracts/conversion';
import { Stack, Text } from '@grafana/ui';
import { stepName } from '@admin-center/contracts/conversion-funnels';
import { DataTable } from '../../../platform/DataTable.tsx';
import { Loaded } from '../../../platform/Loaded.tsx';
import { Pager, usePaging } from '../../../platform/Pager.tsx';
import { Ago } from '../../../platform/time.tsx';
import { byWhom, plural } from '../../../platform/format.ts';
import { useApi } from '../../../platform/use-api.ts';
import { useReload } from '../../../platform/use-reload.ts';
import { windowText } from '../durations.ts';

const PAGE_SIZE = 10;

/** @param version the newest; the list is read again when it changes */
export function Versions({ funnelKey, version }: { funnelKey: string; version: number }) {
  const paging = usePaging(funnelKey);
  const result = useApi(conversion.endpoints.funnelHistory, { params: { key: funnelKey }, query: { limit: PAGE_SIZE, cursor: paging.cursor } });
  useReload(result.reload, version);
  return (
    <Stack direction="column" gap={1}>
      <Text element="h3" variant="h5">
        Versions
      </Text>
      <Loaded result={result} what="the versions" compact>
        {({ items, nextCursor }, busy) => (
          <>
            <DataTable
              label="Versions"
              rows={items}
              rowKey={(row) => String(row.version)}
              busy={busy}
              columns={[
                { id: 'version', header: 'Version', cell: (row) => `${row.version} (${row.change})` },
                { id: 'steps', header: 'Steps', cell: ({ definition }) => `${definition.steps.map(stepName).join(' → ')}, ${definition.order}, ${windowText(definition.windowSeconds)}`, wrap: true, wideOnly: true },
                { id: 'by', header: 'By', cell: ({ by }) => byWhom(by.name) },
                { id: 'reason', header: 'Reason', cell: (row) => row.reason, wrap: true },
                { id: 'at', header: 'When', cell: ({ at }) => <Ago at={at} /> },
              ]}
            />
            {(nextCursor !== null || paging.index > 0) && <Pager paging={paging} nextCursor={nextCursor} busy={busy} summary={plural(items.length, 'version')} />}
          </>
        )}
      </Loaded>
    </Stack>
  );
}
