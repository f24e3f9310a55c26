// `npm start` as a process of its own on scratch ports, for tests of what a person sees.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../../database/testing/free-port.ts';
import { inRoot } from '../root.ts';

export const PORT_VARIABLES = ['UI_PORT', 'API_PORT', 'API_TELEMETRY_PORT', 'EXPORTER_PORT', 'EXPORTER_TELEMETRY_PORT', 'PROMETHEUS_PORT', 'ALERTMANAGER_PORT', 'DEMO_HOST_PORT', 'POSTGRES_PORT'] as const;

/** Every port of a stack, each free at the moment. */
export async function scratchPorts(): Promise<Record<(typeof PORT_VARIABLES)[number], string>> {
  const ports: Record<string, string> = {};
  for (const name of PORT_VARIABLES) {
    ports[name] = String(await freePort());
  }
  return ports as Record<(typeof PORT_VARIABLES)[number], string>;
}

export interface Started {
  readonly pid: number;
  /** All that was printed so far. */
  readonly output: () => string;
  /** Resolves with the exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Waits for a text; rejects with all output when the process ends before. */
  says(text: string): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

export function startProduct(environment: Readonly<Record<string, string>>): Started {
  const child = spawn(process.execPath, [inRoot('launcher/src/start.ts')], {
    // The tests' own cluster and jest's options are none of its business.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let over = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => {
    over = true;
    return (code as number | null) ?? String(signal);
  });
  return {
    pid: child.pid ?? 0,
    output: () => output,
    ended,
    signal: (signal) => void child.kill(signal),
    says: async (text) => {
      while (!output.includes(text)) {
        if (over) {
          throw new Error(`It ended without saying "${text}":\n${output}`);
        }
        await delay(50);
      }
    },
  };
}
