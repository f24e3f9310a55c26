// One flag as a page with tabs: targeting, ramp, experiment, usage, history. Tabs share one draft (draft-store.ts).
import type { FlagDetail } from '@admin-center/contracts/flags';
import { EmbeddedScene, SceneAppPage, SceneFlexLayout, type SceneAppDrilldownView } from '@grafana/scenes';
import type { ReactNode } from 'react';
import { guardedPage } from '../../platform/scene/guarded.tsx';
import { componentRow, graphPage, panelRow, type PageContext } from '../../platform/scene/page.ts';
import type { PageRange } from '../../platform/scene/ranged.tsx';
import { flagUrl, ROUTES } from '../../routes.ts';
import { ExperimentTab } from './ExperimentTab.tsx';
import { FlagView } from './FlagView.tsx';
import { HistoryTab } from './HistoryTab.tsx';
import { flagPanels } from './panels.ts';
import { RampTab } from './RampTab.tsx';
import { TargetingTab } from './TargetingTab.tsx';
import { UsageSummary } from './UsageSummary.tsx';

interface TabSpec {
  readonly path: string;
  readonly title: string;
  readonly scene: (view: (content: (flag: FlagDetail, reload: () => void) => ReactNode) => (props: { range: PageRange }) => ReactNode) => EmbeddedScene;
}

const column = (component: (props: { range: PageRange }) => ReactNode): EmbeddedScene => new EmbeddedScene({ body: new SceneFlexLayout({ direction: 'column', children: [componentRow(component)] }) });

export function flagDrilldown(context: PageContext): SceneAppDrilldownView {
  return { routePath: ':flagKey/*', getPage: (match, parent) => flagPage(String(match.params.flagKey), parent as SceneAppPage, context) };
}

function flagPage(key: string, parent: SceneAppPage, context: PageContext): SceneAppPage {
  const panels = flagPanels(key);
  const tabs: readonly TabSpec[] = [
    { path: 'targeting', title: 'Targeting', scene: (view) => column(view((flag, reload) => <TargetingTab flag={flag} reload={reload} />)) },
    { path: 'ramp', title: 'Ramp', scene: (view) => column(view((flag, reload) => <RampTab flag={flag} reload={reload} />)) },
    { path: 'experiment', title: 'Experiment', scene: (view) => column(view((flag, reload) => <ExperimentTab flag={flag} reload={reload} />)) },
    {
      path: 'usage',
      title: 'Usage',
      scene: (view) => graphPage({ from: 'now-1h', rows: [componentRow(view((flag) => <UsageSummary flag={flag} />)), panelRow([panels.byVariant, panels.byReason], context), panelRow([panels.rollout], context, 220)] }),
    },
    { path: 'history', title: 'History', scene: (view) => column(view((flag, reload) => <HistoryTab flag={flag} reload={reload} />)) },
  ];
  const rename = ({ name }: FlagDetail) => {
    if (page.state.title !== name) {
      page.setState({ title: name });
    }
  };
  const view = (content: (flag: FlagDetail, reload: () => void) => ReactNode) =>
    function Tab({ range }: { range: PageRange }) {
      return (
        <FlagView flagKey={key} onLoaded={rename} tick={range.to}>
          {content}
        </FlagView>
      );
    };
  const page: SceneAppPage = new SceneAppPage({
    title: key,
    url: flagUrl(key),
    routePath: ':flagKey/*',
    getParentPage: () => parent,
    tabs: tabs.map(({ path, title, scene }) => new SceneAppPage({ title, url: `${flagUrl(key)}/${path}`, routePath: path, getScene: () => guardedPage(ROUTES.flags.permission, 'Looking at a flag', scene(view)) })),
  });
  return page;
}
