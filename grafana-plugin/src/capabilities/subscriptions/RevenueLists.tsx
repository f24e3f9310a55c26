// The people behind the revenue graphs: who moved it in the time range, and every subscription.
import { useLocation } from 'react-router-dom';
import { TIERS } from '@admin-center/contracts/capability';
import { SUBSCRIPTION_STATES } from '@admin-center/contracts/subscriptions';
import { locationService } from '@grafana/runtime';
import { PanelChrome, RadioButtonGroup, Stack } from '@grafana/ui';
import { Choice } from '../../platform/Choice.tsx';
import { words } from '../../platform/format.ts';
import type { PageRange } from '../../platform/scene/ranged.tsx';
import { COMPONENTS, listFromUrl, listToUrl, type RevenueList } from './lists.ts';
import { MovementsTable } from './MovementsTable.tsx';
import { SubscriptionsTable } from './SubscriptionsTable.tsx';

const TABS = [
  { value: 'movements', label: 'Movements' },
  { value: 'subscriptions', label: 'Subscriptions' },
] as const;

const choices = <T extends string>(values: readonly T[]) => values.map((value) => ({ value, label: words(value) }));

export function RevenueLists({ range }: { range: PageRange }) {
  const shown = listFromUrl(useLocation().search);
  const set = (patch: Partial<RevenueList>) => locationService.partial(listToUrl({ ...shown, ...patch }), true);
  return (
    <PanelChrome title="The users behind the numbers">
      <Stack direction="column" gap={2}>
        <Stack direction="row" gap={1} wrap="wrap" alignItems="center">
          <RadioButtonGroup aria-label="List" options={[...TABS]} value={shown.list} onChange={(list) => set({ list, component: '', state: '', tier: '' })} />
          {shown.list === 'movements' ? (
            <Choice label="Movement" value={shown.component} options={choices(COMPONENTS)} onChange={(component) => set({ component })} />
          ) : (
            <>
              <Choice label="State" value={shown.state} options={choices(SUBSCRIPTION_STATES)} onChange={(state) => set({ state })} />
              <Choice label="Tier" value={shown.tier} options={choices(TIERS)} onChange={(tier) => set({ tier })} />
            </>
          )}
        </Stack>
        {shown.list === 'movements' ? <MovementsTable range={range} component={shown.component} /> : <SubscriptionsTable state={shown.state} tier={shown.tier} />}
      </Stack>
    </PanelChrome>
  );
}
