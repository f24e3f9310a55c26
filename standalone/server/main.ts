// Starts the standalone shell: the same plugin build as in Grafana, where no Grafana is installed.
import http from 'node:http';
import { systemClock } from '@admin-center/platform/clock';
import { maskConfig } from '@admin-center/platform/config';
import { createLogger } from '@admin-center/platform/log';
import { onShutdown } from '@admin-center/platform/shutdown';
import { createApp } from './app.ts';
import { configSchema, readStandaloneConfig, type Config } from './config.ts';
import { createHostManifestReader } from './page.ts';
import { createPeopleReader } from './people.ts';
import { createPluginReader } from './plugin-files.ts';

let config: Config;
try {
  config = readStandaloneConfig(process.env);
  // What must be on disk is looked for now, so that a missing build is one readable line and not a failing page.
  await Promise.all([
    createPeopleReader(config.ADMINS_FILE)(),
    createPluginReader(config.PLUGIN_DIST)(),
    createHostManifestReader(config.HOST_DIST)(),
  ]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}

const log = createLogger('standalone', config.LOG_LEVEL);
const server = http.createServer(
  { headersTimeout: 10_000, requestTimeout: 60_000, maxHeaderSize: 16_384 },
  createApp(config, log, systemClock),
);
server.maxHeadersCount = 100;

server.on('error', (error: NodeJS.ErrnoException) => {
  const reason =
    error.code === 'EADDRINUSE'
      ? `Port ${config.PORT} on ${config.HOST} is taken. End what listens there or set PORT.`
      : error.message;
  process.stderr.write(`${reason}\n`);
  process.exit(1);
});
server.listen(config.PORT, config.HOST, () =>
  log.info({ url: config.PUBLIC_URL, config: maskConfig(configSchema, config) }, 'listening'),
);

onShutdown(log, async () => {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), 2_000).unref();
  await closed;
});
