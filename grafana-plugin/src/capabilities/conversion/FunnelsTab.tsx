// Funnels: the list of what is defined, and one of them open with its result and its versions.
import { useState } from 'react';
import { conversion } from '@admin-center/contracts/conversion';
import { stepName, type Funnel } from '@admin-center/contracts/conversion-funnels';
import { Badge, Button, Checkbox, Stack, Text } from '@grafana/ui';
import { CellButton } from '../../platform/CellButton.tsx';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { Loaded } from '../../platform/Loaded.tsx';
import { Pager, usePaging } from '../../platform/Pager.tsx';
import { Empty } from '../../platform/states.tsx';
import { Ago } from '../../platform/time.tsx';
import { plural } from '../../platform/format.ts';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import type { TabProps } from './ConversionTabs.tsx';
import { percentText, windowText } from './durations.ts';
import { FunnelActions, useMayDefine } from './funnels/FunnelActions.tsx';
import { FunnelEditor } from './funnels/FunnelEditor.tsx';
import { FunnelView } from './funnels/FunnelView.tsx';
import { Versions } from './funnels/Versions.tsx';

const PAGE_SIZE = 25;

export const FunnelsTab = (props: TabProps) => (props.view.funnel === '' ? <FunnelList {...props} /> : <OpenFunnel key={props.view.funnel} {...props} />);

function FunnelList({ onView, range }: TabProps) {
  const refusal = useMayDefine();
  const [isNew, setIsNew] = useState(false);
  const [archive, setArchive] = useState(false);
  const state = archive ? 'archived' : 'active';
  const paging = usePaging(state);
  const result = useApi(conversion.endpoints.listFunnels, { query: { state, limit: PAGE_SIZE, cursor: paging.cursor } });
  useReload(result.reload, range.to);
  return (
    <Stack direction="column" gap={2}>
      <Stack direction="row" gap={2} alignItems="center">
        <Button icon="plus" disabled={refusal !== undefined} tooltip={refusal} onClick={() => setIsNew(true)}>
          New funnel
        </Button>
        <Checkbox label="Show the archive" value={archive} onChange={(event) => setArchive(event.currentTarget.checked)} />
      </Stack>
      <Loaded result={result} what="the funnels">
        {({ items, nextCursor }, busy) =>
          items.length === 0 && paging.index === 0 ? (
            <Empty title={archive ? 'No funnel is in the archive' : 'No funnels yet'} compact>
              A funnel is two to eight things people do on their way, such as “Signed Up” and “Subscription Started”.
            </Empty>
          ) : (
            <>
              <DataTable label="Funnels" columns={columns(onView, result.reload)} rows={items} rowKey={({ key }) => key} busy={busy} />
              {(nextCursor !== null || paging.index > 0) && <Pager paging={paging} nextCursor={nextCursor} busy={busy} summary={plural(items.length, 'funnel')} />}
            </>
          )
        }
      </Loaded>
      {isNew && <FunnelEditor onClose={() => setIsNew(false)} onSaved={({ key }) => onView({ funnel: key })} />}
    </Stack>
  );
}

const columns = (onView: TabProps['onView'], reload: () => void): ReadonlyArray<Column<Funnel>> => [
  {
    id: 'name',
    header: 'Funnel',
    cell: ({ key, state, definition }) => (
      <CellButton disabled={state === 'archived'} aria-label={`Open ${definition.name}`} onClick={() => onView({ funnel: key })}>
        {definition.name}
      </CellButton>
    ),
  },
  { id: 'steps', header: 'Steps', cell: ({ definition }) => definition.steps.map(stepName).join(' → '), wideOnly: true },
  { id: 'window', header: 'Window', cell: ({ definition }) => windowText(definition.windowSeconds) },
  { id: 'build', header: 'Past', cell: ({ build, state }) => (state === 'archived' ? <Badge text="archived" color="darkgrey" /> : build.builtAt === null ? <Badge text={`worked out: ${percentText(build.progress)}`} color="orange" /> : <Badge text="complete" color="green" />) },
  { id: 'changed', header: 'Changed', cell: ({ updatedAt }) => <Ago at={updatedAt} />, wideOnly: true },
  { id: 'actions', header: 'Action', align: 'right', cell: (funnel) => <FunnelActions funnel={funnel} onChanged={reload} /> },
];

function OpenFunnel({ view, onView, range }: TabProps) {
  const result = useApi(conversion.endpoints.getFunnel, { params: { key: view.funnel } });
  useReload(result.reload, range.to);
  const back = () => onView({ funnel: '', breakdown: '' });
  return (
    <Stack direction="column" gap={2}>
      <Stack direction="row" gap={1} alignItems="center">
        <Button size="sm" variant="secondary" fill="text" icon="arrow-left" onClick={back}>
          All funnels
        </Button>
      </Stack>
      <Loaded result={result} what="the funnel">
        {(funnel) => (
          <Stack direction="column" gap={2}>
            <Text element="h2" variant="h4">
              {funnel.definition.name}
            </Text>
            {funnel.definition.description !== '' && <Text color="secondary">{funnel.definition.description}</Text>}
            {funnel.state === 'archived' ? (
              <Empty title="This funnel is in the archive" compact actions={<FunnelActions funnel={funnel} onChanged={result.reload} />} />
            ) : (
              <FunnelView
                key={funnel.version}
                funnelKey={funnel.key}
                from={range.from.slice(0, 10)}
                to={range.to.slice(0, 10)}
                breakdown={view.breakdown || funnel.definition.breakdown}
                onBreakdown={(breakdown) => onView({ breakdown })}
                tick={range.to}
                actions={<FunnelActions funnel={funnel} onChanged={result.reload} />}
              />
            )}
            <Versions funnelKey={funnel.key} version={funnel.version} />
          </Stack>
        )}
      </Loaded>
    </Stack>
  );
}
