// The app: every page of the Admin Center as one Scenes application.
import type { AppRootProps } from "@grafana/data";
import { EmbeddedScene, PanelBuilders, SceneApp, SceneAppPage, SceneFlexItem, SceneFlexLayout, SceneQueryRunner, SceneTimeRange, useSceneApp } from '@grafana/scenes';
import { APP_URL, ROUTES } from './routes.ts';

const createApp = () =>
  new SceneApp({
    pages: Object.values(ROUTES).map(
      ({ path, title, subTitle }) =>
        new SceneAppPage({
          title,
          subTitle,
          url: `${APP_URL}/${path}`,
          routePath: path,
          getScene: () =>
            new EmbeddedScene({
              $timeRange: new SceneTimeRange({ from: 'now-30d', to: 'now' }),
              body: new SceneFlexLayout({
                children: [
                  new SceneFlexItem({
                    body: PanelBuilders.timeseries()
                      .setTitle(title)
                      .setData(new SceneQueryRunner({ datasource: { type: 'prometheus', uid: 'prometheus' }, queries: [{ refId: 'A', expr: 'up' }] }))
                      .build(),
                  }),
                ],
              }),
            }),
        })
    ),
  });

export const App = (_: AppRootProps) => {
  const app = useSceneApp(createApp);
  return <app.Component model={app} />;
};
