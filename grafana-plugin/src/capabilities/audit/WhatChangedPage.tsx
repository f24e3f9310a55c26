// "What changed?": one panel's series over the admin actions of its time range, and which of them explains its step (M1).
import { LoadingState } from '@grafana/data';
import { config } from '@grafana/runtime';
import { EmbeddedScene, SceneAppPage, SceneFlexItem, SceneFlexLayout, sceneGraph, SceneObjectBase, SceneReactObject, type SceneAppDrilldownView, type SceneComponentProps, type SceneObjectRef, type SceneObjectState, type VizPanel } from '@grafana/scenes';
import { LinkButton } from '@grafana/ui';
import { promQueries, toPromQuery } from '../../platform/scene/data.ts';
import { guardedPage } from '../../platform/scene/guarded.tsx';
import { graphPage, type PageContext } from '../../platform/scene/page.ts';
import { vizPanel } from '../../platform/scene/viz-panel.ts';
import { Empty } from '../../platform/states.tsx';
import { decodeQuestion, type PanelQuestion } from '../../platform/what-changed/panel-question.ts';
import { seriesOf } from '../../platform/what-changed/series.ts';
import { pageUrl, ROUTES } from '../../routes.ts';
import { WhatChanged } from './WhatChanged.tsx';

const ROUTE = 'what-changed/:panel';
/** Enough to see a step; each point more makes the search for it longer. */
const POINTS = 300;

interface RankingState extends SceneObjectState {
  panel: SceneObjectRef<VizPanel>;
  unit: string;
}

class Ranking extends SceneObjectBase<RankingState> {
  public static Component = ({ model }: SceneComponentProps<Ranking>) => {
    const { panel, unit } = model.useState();
    const { data } = sceneGraph.getData(panel.resolve()).useState();
    const { value } = sceneGraph.getTimeRange(model).useState();
    return (
      <WhatChanged
        series={data && data.state !== LoadingState.Loading ? seriesOf(data.series) : undefined}
        problem={data?.state === LoadingState.Error ? (data.errors?.[0]?.message ?? 'The query failed.') : undefined}
        from={value.from.toISOString()}
        to={value.to.toISOString()}
        unit={unit}
      />
    );
  };
}

function whatChangedPage({ title, unit, source, queries }: PanelQuestion, context: PageContext): EmbeddedScene {
  const known = Object.values(config.datasources).some(({ uid, type }) => uid === source && type === 'prometheus');
  const ref = known && source !== undefined ? { type: 'prometheus', uid: source } : context.source;
  const panel = vizPanel({ title, unit, viz: 'timeseries', description: 'The panel the question came from, with all admin actions as marks.', queries, freeAxis: true }, ref);
  panel.setState({ $data: promQueries(ref, queries.map(toPromQuery), POINTS), menu: undefined });
  return graphPage({
    from: 'now-24h',
    rows: [
      new SceneFlexItem({ minHeight: 320, body: panel }),
      new SceneFlexItem({ ySizing: 'content', minWidth: 0, body: new Ranking({ panel: panel.getRef(), unit }) }),
    ],
  });
}

const Unreadable = () => (
  <Empty title="This link is not whole" actions={<LinkButton href={pageUrl('overview')}>To the Overview</LinkButton>}>
    Open the menu of a graph and choose “What changed?” there.
  </Empty>
);

export const whatChangedDrilldown = (context: PageContext): SceneAppDrilldownView => ({
  routePath: ROUTE,
  getPage: (match, parent) => {
    const text = String(match.params.panel);
    const question = decodeQuestion(text);
    return new SceneAppPage({
      title: 'What changed?',
      subTitle: question?.title,
      url: `${pageUrl('audit')}/what-changed/${text}`,
      routePath: ROUTE,
      getParentPage: () => parent,
      getScene: () =>
        guardedPage(
          ROUTES.audit.permission,
          'What changed',
          question ? whatChangedPage(question, context) : new EmbeddedScene({ body: new SceneFlexLayout({ children: [new SceneFlexItem({ body: new SceneReactObject({ component: Unreadable }) })] }) })
        ),
    });
  },
});
