// A port that is taken: who has it, and what to set.
import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { Problem } from '../problem.ts';
import { freePort } from '../../../database/testing/free-port.ts';
import { requirePorts } from './ports.ts';

const servers: Server[] = [];
afterEach(() => {
  servers.splice(0).forEach((server) => server.close());
});

async function occupy(): Promise<number> {
  const port = await freePort();
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return port;
}

test('free ports are fine', async () => {
  await expect(requirePorts([{ part: 'exporter', port: await freePort(), variable: 'EXPORTER_PORT' }])).resolves.toBeUndefined();
});

test('every taken port is named with its part, its variable and the program that has it', async () => {
  const [first, second] = [await occupy(), await occupy()];
  const uses = [
    { part: 'web interface', port: first, variable: 'UI_PORT' },
    { part: 'exporter', port: second, variable: 'EXPORTER_PORT' },
    { part: 'Prometheus', port: await freePort(), variable: 'PROMETHEUS_PORT' },
  ];
  const error = await requirePorts(uses).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(Problem);
  const { message } = error as Problem;
  expect(message).toMatch(new RegExp(`Port ${first} for the web interface is taken.*UI_PORT=\\d+ npm start`));
  expect(message).toMatch(new RegExp(`Port ${second} for the exporter is taken.*EXPORTER_PORT=\\d+ npm start`));
  expect(message).not.toContain('Prometheus');
  if (process.platform === 'linux') {
    expect(message).toContain(`(process ${process.pid})`);
  }
});

test('one port for two parts is refused before anything starts', async () => {
  const port = await freePort();
  const uses = [
    { part: 'exporter', port, variable: 'EXPORTER_PORT' },
    { part: 'actions API', port, variable: 'API_PORT' },
  ];
  await expect(requirePorts(uses)).rejects.toThrow(`Port ${port} of the actions API (API_PORT) is also given to another part`);
});
