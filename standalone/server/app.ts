// Puts the shell together: guards first, then what needs no session, then what does. Nothing here is known to the plugin.
import { constants } from 'node:zlib';
import compression from 'compression';
import express, { type Express } from 'express';
import type { Clock } from '@admin-center/platform/clock';
import type { Logger } from '@admin-center/platform/log';
import { createPrometheusClient } from '@admin-center/platform/prometheus';
import { assetRoutes } from './assets.ts';
import { bootData } from './boot-data.ts';
import type { Config } from './config.ts';
import { createCookies } from './cookies.ts';
import { crossSiteGuard } from './cross-site.ts';
import { errorAnswers } from './error-answers.ts';
import { answers, healthRoutes } from './health.ts';
import { hostGuard } from './host-guard.ts';
import { createIdTokens } from './id-token.ts';
import { createHostManifestReader, shellPage } from './page.ts';
import { createPeopleReader } from './people.ts';
import { createPluginReader } from './plugin-files.ts';
import { pluginSettings, publicFile } from './plugin-meta.ts';
import { prometheusRoutes } from './prometheus/routes.ts';
import { proxyRoutes } from './proxy/routes.ts';
import { securityHeaders, sendPage } from './security-headers.ts';
import { createSessions } from './session.ts';
import { identify, requireSignIn, signedIn, signInRoutes } from './sign-in.ts';
import { createSigningKeys } from './signing-keys.ts';

export interface Limits {
  /** Milliseconds an upstream may take to answer. */
  readonly upstreamTimeoutMs: number;
  /** Bytes of a body that is passed on to the actions API. */
  readonly maxBodyBytes: number;
}

/** A little slower than the default and a tenth smaller; what is large comes once and is kept. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } };

export const LIMITS: Limits = { upstreamTimeoutMs: 30_000, maxBodyBytes: 10 * 1024 * 1024 };

export function createApp(config: Config, log: Logger, clock: Clock, limits: Limits = LIMITS): Express {
  const people = createPeopleReader(config.ADMINS_FILE);
  const plugin = createPluginReader(config.PLUGIN_DIST);
  const hostManifest = createHostManifestReader(config.HOST_DIST);
  const keys = createSigningKeys(config.DATA_DIR, clock);
  const prometheus = createPrometheusClient(config.PROMETHEUS_URL, limits.upstreamTimeoutMs);
  const cookies = createCookies(config.PUBLIC_URL);
  const signIn = { people, sessions: createSessions(clock), cookies, log };
  const settings = {
    JsonData: { apiUrl: config.ACTIONS_API_URL.replace(/\/+$/, '') },
    SecureJsonData: { actionsToken: config.ACTIONS_API_TOKEN },
  };

  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(hostGuard(config.PUBLIC_URL), securityHeaders(config.PUBLIC_URL), crossSiteGuard);
  // Answers of the actions API are passed on as they come, or a stream would wait in a buffer.
  app.use(
    compression({
      brotli: BROTLI,
      filter: (req, res) => !req.url.startsWith('/api/plugin-proxy/') && compression.filter(req, res),
    }),
  );

  app.use(
    healthRoutes({
      bundle: hostManifest,
      plugin,
      people,
      signingKey: () => keys.current(),
      prometheus: answers(`${config.PROMETHEUS_URL.replace(/\/+$/, '')}/-/ready`, 'Prometheus'),
      actionsApi: answers(`${settings.JsonData.apiUrl}/readyz`, 'The actions API'),
    }),
  );
  app.get(
    '/api/signing-keys/keys',
    async (_req, res) => void res.set('cache-control', 'public, max-age=3600').json(await keys.published()),
  );
  app.use(assetRoutes(config.HOST_DIST, plugin));
  app.use(signInRoutes(signIn));

  app.use(identify(signIn), requireSignIn);
  app.get('/api/login/ping', (_req, res) => void res.json({ message: 'Logged in' }));
  app.get('/api/plugins/:id/settings', async (req, res) => {
    const files = await plugin();
    if (req.params.id !== files.app.manifest.id) {
      res.status(404).json({ message: 'Plugin not found, no installed plugin with that id' });
      return;
    }
    res
      .set('cache-control', 'no-store')
      .json(pluginSettings(files, settings.JsonData, Object.keys(settings.SecureJsonData)));
  });
  app.post(
    '/api/plugins/:id/settings',
    (_req, res) =>
      void res.status(403).json({
        message:
          'The standalone shell takes these settings from its environment: ACTIONS_API_URL and ACTIONS_API_TOKEN.',
      }),
  );
  app.use(
    proxyRoutes({
      plugin,
      mint: createIdTokens(config.PUBLIC_URL, keys, clock),
      settings,
      limits: { timeoutMs: limits.upstreamTimeoutMs, maxBodyBytes: limits.maxBodyBytes },
    }),
  );
  app.use(prometheusRoutes(prometheus, config.PROMETHEUS_SCRAPE_INTERVAL));
  app.use(['/api', '/apis'], (_req, res) => void res.status(404).json({ message: 'Not found' }));

  app.get('/{*path}', async (req, res) => {
    const files = await plugin();
    const manifest = await hostManifest();
    const theme = cookies.theme(req);
    const { id, name, info } = files.app.manifest;
    const data = bootData(files, signedIn(res), {
      publicUrl: config.PUBLIC_URL,
      scrapeInterval: config.PROMETHEUS_SCRAPE_INTERVAL,
      theme,
    });
    sendPage(res, (nonce) =>
      shellPage({
        nonce,
        theme,
        manifest,
        title: name,
        icon: publicFile(files.app, info.logos.small),
        pluginId: id,
        bootData: data,
      }),
    );
  });

  app.use(errorAnswers(log));
  return app;
}
