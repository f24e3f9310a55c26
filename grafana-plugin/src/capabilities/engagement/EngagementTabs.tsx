// The counts by calendar day behind their tabs. The open tab is in the URL.
import { useState, type ComponentType } from 'react';
import { useLocation } from 'react-router-dom';
import { locationService } from '@grafana/runtime';
import { PageTabs } from '../../platform/PageTabs.tsx';
import type { PageRange } from '../../platform/scene/ranged.tsx';
import { ActivityTab } from './ActivityTab.tsx';
import { AtRiskTab } from './AtRiskTab.tsx';
import { DefinitionTab } from './DefinitionTab.tsx';
import { FeaturesTab } from './FeaturesTab.tsx';
import { LifecycleTab } from './LifecycleTab.tsx';
import { Retention } from './Retention.tsx';
import { RETENTION_VIEW } from './retention-view.ts';
import { SessionsTab } from './SessionsTab.tsx';
import { tabFromUrl, TABS, type Tab as TabName } from './tabs.ts';

export interface TabProps {
  readonly range: PageRange;
}

function RetentionTab({ range }: TabProps) {
  const [view, setView] = useState(RETENTION_VIEW);
  return <Retention view={view} onView={(patch) => setView((before) => ({ ...before, ...patch }))} tick={range.to} />;
}

const CONTENT: Readonly<Record<TabName, { readonly label: string; readonly Content: ComponentType<TabProps> }>> = {
  retention: { label: 'Retention', Content: RetentionTab },
  activity: { label: 'Activity by day', Content: ActivityTab },
  lifecycle: { label: 'Lifecycle', Content: LifecycleTab },
  features: { label: 'Features', Content: FeaturesTab },
  sessions: { label: 'Sessions', Content: SessionsTab },
  'at-risk': { label: 'At risk', Content: AtRiskTab },
  definition: { label: 'Definition', Content: DefinitionTab },
};

export function EngagementTabs({ range }: TabProps) {
  const open = tabFromUrl(useLocation().search);
  const { Content } = CONTENT[open];
  return (
    <PageTabs tabs={TABS.map((name) => ({ name, label: CONTENT[name].label }))} open={open} onOpen={(tab) => locationService.partial({ tab })}>
      <Content range={range} />
    </PageTabs>
  );
}
