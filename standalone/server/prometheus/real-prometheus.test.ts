// The same against a real Prometheus with data loaded by promtool: what its API really accepts and answers.
import { spawn, execFile, type ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';
import { accessSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createFixture, type Fixture } from '../testing/fixture.ts';
import { startShell, type Shell } from '../testing/shell.ts';

const onPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(':').some((directory) => {
    try {
      accessSync(path.join(directory, program));
      return true;
    } catch {
      return false;
    }
  });
const installed = onPath('prometheus') && onPath('promtool');

/** Two series over an hour that ended a day ago, one point a minute. */
const END = Math.floor(Date.now() / 60_000) * 60 - 86_400;
const START = END - 3_600;
const series = (tier: string, value: (minute: number) => string) =>
  Array.from({ length: 61 }, (_, minute) => `users{tier="${tier}"} ${value(minute)} ${START + minute * 60}`);
const OPEN_METRICS = [
  '# TYPE users gauge',
  ...series('free', (minute) => String(100 + minute)),
  ...series('premium', (minute) => (minute === 30 ? 'NaN' : '7')),
  '# EOF',
  '',
].join('\n');

(installed ? describe : describe.skip)('a real Prometheus (needs prometheus and promtool on PATH)', () => {
  let fixture: Fixture;
  let prometheus: ChildProcess;
  let shell: Shell;

  beforeAll(async () => {
    fixture = await createFixture();
    const data = path.join(fixture.directory, 'tsdb');
    await mkdir(data);
    await writeFile(path.join(fixture.directory, 'users.om'), OPEN_METRICS);
    await promisify(execFile)('promtool', [
      'tsdb',
      'create-blocks-from',
      'openmetrics',
      path.join(fixture.directory, 'users.om'),
      data,
    ]);
    await writeFile(path.join(fixture.directory, 'prometheus.yml'), 'scrape_configs: []\n');
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    prometheus = spawn(
      'prometheus',
      [
        `--config.file=${path.join(fixture.directory, 'prometheus.yml')}`,
        `--storage.tsdb.path=${data}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    );
    await untilReady(`${url}/-/ready`);
    shell = await startShell({ fixture, prometheusUrl: url });
  });
  afterAll(async () => {
    await shell.close();
    const ended = new Promise((resolve) => prometheus.once('exit', resolve));
    prometheus.kill();
    await ended;
    await fixture.remove();
  });

  interface Frame {
    schema: {
      fields: Array<{ name: string; labels?: Record<string, string>; config?: { displayNameFromDS?: string } }>;
    };
    data: { values: [number[], Array<number | null>]; entities?: Array<{ NaN?: number[] } | null> };
  }

  const query = async (rest: object) => {
    const body = {
      queries: [
        {
          refId: 'A',
          datasource: { type: 'prometheus', uid: 'prometheus' },
          intervalMs: 60_000,
          maxDataPoints: 1_000,
          ...rest,
        },
      ],
      from: String(START * 1000),
      to: String(END * 1000),
    };
    const answer = await shell.request('/api/ds/query', {
      method: 'POST',
      as: 'vic',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return {
      status: answer.status,
      result: answer.json<{ results: { A: { error?: string; status: number; frames?: Frame[] } } }>().results.A,
    };
  };

  test('answers a range with every point of every series', async () => {
    const { status, result } = await query({ expr: 'users', legendFormat: '{{tier}}' });
    expect(status).toBe(200);
    expect(result.frames?.map(({ schema }) => schema.fields[1]?.config?.displayNameFromDS)).toEqual([
      'free',
      'premium',
    ]);
    const [free, premium] = result.frames ?? [];
    expect(free?.data.values[0]).toEqual(Array.from({ length: 61 }, (_, minute) => (START + minute * 60) * 1000));
    expect(free?.data.values[1].at(-1)).toBe(160);
    expect(premium?.data.values[1][30]).toBeNull();
    expect(premium?.data.entities).toEqual([null, { NaN: [30] }]);
  });

  test('answers an instant with the value at the end of the range', async () => {
    const { result } = await query({ expr: 'sum(users)', instant: true });
    expect(result.frames?.[0]?.data.values).toEqual([[END * 1000], [167]]);
  });

  test('understands every variable of Grafana in both spellings', async () => {
    for (const window of [
      '$__rate_interval',
      '${__rate_interval}',
      '$__interval',
      '${__interval}',
      '$__range',
      '${__range_s}s',
      '${__interval_ms}ms',
    ]) {
      const { status, result } = await query({ expr: `last_over_time(users{tier="free"}[${window}])`, instant: true });
      expect([window, status, result.error]).toEqual([window, 200, undefined]);
    }
  });

  test('says what is wrong with an expression', async () => {
    const { status, result } = await query({ expr: 'rate(users' });
    expect(status).toBe(400);
    expect(result).toMatchObject({ status: 400, error: expect.stringMatching(/^bad_data: .*parse error/) });
  });

  test('lists label values for a variable', async () => {
    const answer = await shell.request(
      `/api/datasources/uid/prometheus/resources/api/v1/label/tier/values?match[]=users&start=${START}&end=${END}`,
      { as: 'vic' },
    );
    expect(answer.json()).toEqual({ status: 'success', data: ['free', 'premium'] });
  });

  test('is ready in /readyz', async () => {
    const { parts } = (await shell.request('/readyz')).json<{ parts: Record<string, string> }>();
    expect(parts['prometheus']).toBe('ok');
    expect(parts['actionsApi']).toMatch(/cannot be reached/);
  });
});

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilReady(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if ((await fetch(url).catch(() => null))?.ok === true) {
      return;
    }
    await wait(100);
  }
  throw new Error(`${url} did not become ready`);
}
