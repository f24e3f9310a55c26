// The tabs of the Conversion page. The open tab and what it shows are in the URL.
import type { ComponentType } from 'react';
import { useLocation } from 'react-router-dom';
import { locationService } from '@grafana/runtime';
import { PageTabs } from '../../platform/PageTabs.tsx';
import type { PageRange } from '../../platform/scene/ranged.tsx';
import { emptyTakesOut } from '../../platform/url.ts';
import { ExperimentsTab } from './ExperimentsTab.tsx';
import { FunnelsTab } from './FunnelsTab.tsx';
import { RatesTab } from './RatesTab.tsx';
import { TABS, tabToUrl, viewFromUrl, type ConversionView, type Tab as TabName } from './tabs.ts';

export interface TabProps {
  readonly view: ConversionView;
  /** Parameters of the URL; empty takes one out. */
  readonly onView: (patch: Readonly<Record<string, string>>) => void;
  readonly range: PageRange;
}

const CONTENT: Readonly<Record<TabName, ComponentType<TabProps>>> = { rates: RatesTab, funnels: FunnelsTab, experiments: ExperimentsTab };
const LABELS = { rates: 'Rates', funnels: 'Funnels', experiments: 'Experiments' } as const;

export function ConversionTabs({ range }: { range: PageRange }) {
  const view = viewFromUrl(useLocation().search);
  const Content = CONTENT[view.tab];
  return (
    <PageTabs tabs={TABS.map((name) => ({ name, label: LABELS[name] }))} open={view.tab} onOpen={(name) => locationService.partial(tabToUrl(name))}>
      <Content view={view} onView={(patch) => locationService.partial(emptyTakesOut(patch), false)} range={range} />
    </PageTabs>
  );
}
