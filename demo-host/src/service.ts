// One running demo host: its database, the SDK, the HTTP server and the people who use it, and their orderly end.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '@admin-center/platform/log';
import { createPool } from '@admin-center/platform/pool';
import type { Service } from '@admin-center/platform/run';
import { adminCenter } from '@cloudtolocalllm/admin-center-sdk';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { startLoad } from './load.ts';
import { createStore } from './store.ts';
import { FEATURES } from './tunnels.ts';

export async function startDemoHost(config: Config, log: Logger): Promise<Service> {
  const pool = createPool({ connectionString: config.DATABASE_URL, applicationName: 'demo-host', max: 5 });
  const store = createStore(pool);
  const center = adminCenter({
    url: config.ADMIN_CENTER_URL,
    key: config.ADMIN_CENTER_KEY,
    features: FEATURES,
    onError: (err) => log.warn({ err }, 'the Admin Center'),
    ...(config.POLICY_FILE === undefined ? {} : { cacheFile: config.POLICY_FILE }),
  });
  const app = createApp({
    center, store,
    broken: config.DEMO_HOST_BREAK,
    clientKey: config.ADMIN_CENTER_CLIENT_KEY ?? null,
    adminCenterUrl: config.ADMIN_CENTER_URL,
    now: Date.now,
    random: Math.random,
    onError: (err) => log.warn({ err }, 'a request could not be answered'),
  });
  const server = createServer(app).listen(config.PORT, config.HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const load = config.DEMO_HOST_LOAD ? startLoad(`http://127.0.0.1:${port}`, store, config.DEMO_HOST_REQUESTS_PER_SECOND, Math.random, log) : null;
  return {
    port,
    async close() {
      await load?.close();
      server.close();
      server.closeAllConnections();
      await center.close();
      await pool.end();
    },
  };
}
