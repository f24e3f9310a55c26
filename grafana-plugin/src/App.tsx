// The app: every page of the Admin Center as one Scenes application.
import './platform/jitless.ts';
import { useMemo } from 'react';
import { Navigate, Route, Routes } from 'react-router-dom';
import type { AppRootProps } from '@grafana/data';
import { EmbeddedScene, SceneApp, SceneAppPage, SceneFlexLayout, useSceneApp, type SceneAppDrilldownView } from '@grafana/scenes';
import { auditPage } from './capabilities/audit/AuditPage.ts';
import { whatChangedDrilldown } from './capabilities/audit/WhatChangedPage.tsx';
import { configurationPage } from './capabilities/core/ConfigurationPage.tsx';
import { overviewPage } from './capabilities/core/OverviewPage.ts';
import { engagementPage } from './capabilities/engagement/EngagementPage.tsx';
import { impersonationPage } from './capabilities/impersonation/ImpersonationPage.tsx';
import { flagDrilldown } from './capabilities/flags/FlagPage.tsx';
import { flagsPage } from './capabilities/flags/FlagsPage.tsx';
import { campaignDrilldown } from './capabilities/promotions/CampaignPage.tsx';
import { promotionsPage } from './capabilities/promotions/PromotionsPage.tsx';
import { subscriptionsPage } from './capabilities/subscriptions/SubscriptionsPage.ts';
import { userPage } from './capabilities/users/UserPage.tsx';
import { usersPage } from './capabilities/users/UsersPage.tsx';
import { NoSuchPage } from './capabilities/core/NoSuchPage.tsx';
import { MeProvider } from './platform/me.tsx';
import { guardedPage } from './platform/scene/guarded.tsx';
import { componentRow, type PageContext } from './platform/scene/page.ts';
import { UndoBar } from './platform/undo/UndoBar.tsx';
import { prometheusSource, type Settings } from './platform/settings.ts';
import { APP_URL, pageUrl, ROUTES, userUrl } from './routes.ts';
import { conversionPage } from './capabilities/conversion/ConversionPage.tsx';
import { distributionPage } from './capabilities/distribution/DistributionPage.tsx';

const SCENES: Record<keyof typeof ROUTES, (context: PageContext) => EmbeddedScene> = {
  overview: overviewPage,
  users: usersPage,
  impersonation: impersonationPage,
  promotions: promotionsPage,
  flags: flagsPage,
  engagement: engagementPage,
  subscriptions: subscriptionsPage,
  audit: auditPage,
  configuration: configurationPage,
  conversion: conversionPage,
  distribution: distributionPage,
};

const userDrilldown: SceneAppDrilldownView = {
  routePath: ':userId',
  getPage: (match, parent) => {
    const userId = String(match.params.userId);
    const page: SceneAppPage = new SceneAppPage({
      title: 'User',
      url: userUrl(userId),
      routePath: ':userId',
      getParentPage: () => parent,
      getScene: () => guardedPage(ROUTES.users.permission, 'Looking at a user', userPage(userId, () => page)),
    });
    return page;
  },
};

/** What is shown for an address that leads nowhere, below each page and beside all of them: Scenes would call it a bug. */
const noSuchPage = (more: { getFallbackPage?: () => SceneAppPage } = {}) =>
  new SceneAppPage({ title: 'Not found', url: APP_URL, routePath: '*', getScene: () => new EmbeddedScene({ body: new SceneFlexLayout({ direction: 'column', children: [componentRow(NoSuchPage)] }) }), ...more });

function createApp(context: PageContext): SceneApp {
  const drilldowns: Partial<Record<keyof typeof ROUTES, SceneAppDrilldownView[]>> = { users: [userDrilldown], flags: [flagDrilldown(context)], promotions: [campaignDrilldown(context)], audit: [whatChangedDrilldown(context)] };
  const notFound = noSuchPage();
  const getFallbackPage = () => notFound;
  const pages = Object.entries(ROUTES).map(([key, route]) => {
    const name = key as keyof typeof ROUTES;
    return new SceneAppPage({
      title: route.title,
      subTitle: route.subTitle,
      url: pageUrl(name),
      routePath: `${route.path}/*`,
      getScene: () => guardedPage(route.permission, route.title, SCENES[name](context)),
      drilldowns: drilldowns[name],
      getFallbackPage,
    });
  });
  return new SceneApp({ name: 'admincenter', pages: [...pages, noSuchPage({ getFallbackPage })], urlSyncOptions: { updateUrlOnInit: true, createBrowserHistorySteps: true } });
}

function Pages({ context }: { context: PageContext }) {
  const factory = useMemo(() => () => createApp(context), [context]);
  const app = useSceneApp(factory);
  return <app.Component model={app} />;
}

export function App({ meta }: AppRootProps<Settings>) {
  const { jsonData, secureJsonFields } = meta;
  const context = useMemo<PageContext>(
    () => ({ source: prometheusSource(jsonData), settings: jsonData, hasToken: Boolean(secureJsonFields?.actionsToken) }),
    [jsonData, secureJsonFields]
  );
  return (
    <MeProvider>
      <Routes>
        <Route index element={<Navigate replace to={pageUrl('overview')} />} />
        <Route path="*" element={<Pages context={context} />} />
      </Routes>
      <UndoBar />
    </MeProvider>
  );
}
