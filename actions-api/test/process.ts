// The API as a process of its own, as it runs in production: for what only shows between processes, or when one dies.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../database/testing/free-port.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface ApiProcess {
  readonly baseUrl: string;
  readonly telemetryUrl: string;
  readonly child: ChildProcess;
  /** Lines of its log so far. */
  readonly log: readonly string[];
  /** Sends a signal and waits for the end. @returns the exit code; null when the signal itself ended it */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export async function startProcess(environment: Readonly<Record<string, string>>): Promise<ApiProcess> {
  const telemetryPort = await freePort();
  const { child, log } = run({ ...environment, TELEMETRY_PORT: String(telemetryPort) });
  const ended = once(child, 'exit');
  const port = await new Promise<number>((resolve, reject) => {
    const look = (): void => {
      const line = log.find((text) => text.includes('actions-api is up'));
      if (line !== undefined) {
        resolve((JSON.parse(line) as { port: number }).port);
      }
    };
    child.stdout?.on('data', () => setImmediate(look));
    child.once('exit', () => reject(new Error(`The API did not start:\n${log.join('\n')}`)));
  });
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    telemetryUrl: `http://127.0.0.1:${telemetryPort}/metrics`,
    child,
    log,
    async end(signal) {
      child.kill(signal);
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}

/** Runs it to its end, for configurations that it refuses. */
export async function runToEnd(environment: Readonly<Record<string, string>>): Promise<{ readonly code: number | null; readonly output: string }> {
  const { child, log } = run(environment);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: log.join('\n') };
}

function run(environment: Readonly<Record<string, string>>): { child: ChildProcess; log: string[] } {
  const log: string[] = [];
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], LOG_LEVEL: 'info', ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      log.push(...lines);
    });
  }
  return { child, log };
}

/** Asks again until the answer is what is waited for. @throws Error with the last answer after `timeoutMs` */
export async function eventually<T>(ask: () => Promise<T>, holds: (answer: T) => boolean, timeoutMs = 15_000): Promise<T> {
  for (const deadline = Date.now() + timeoutMs; ; ) {
    const answer = await ask();
    if (holds(answer)) {
      return answer;
    }
    if (Date.now() > deadline) {
      throw new Error(`Not within ${timeoutMs} ms; last answer: ${JSON.stringify(answer)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
