// `npm start`: the whole product on this machine, until Ctrl-C.
import path from 'node:path';
import { describeVariables, readLauncherConfig, type LauncherConfig } from './config.ts';
import { explain, Problem } from './problem.ts';
import { createProgress } from './stack/progress.ts';
import { startStack, type Stack } from './stack/stack.ts';

const HELP = `npm start: brings the Admin Center up and keeps it running until Ctrl-C.

Without DATABASE_URL it starts an embedded PostgreSQL with a demo company. With it, it uses that database, creates only the
schema admin_center and its two roles there, and never writes demo rows.

Variables:
${describeVariables()}`;

const ROLE_TITLES: Readonly<Record<string, string>> = { super_admin: 'may do everything', support_admin: 'users, not revenue', finance_admin: 'revenue, may not suspend' };

function summary(config: LauncherConfig, stack: Stack): string {
  const local = (port: number, where = ''): string => `http://127.0.0.1:${port}${where}`;
  const lines = [
    ['Admin Center', config.PUBLIC_URL],
    ...(stack.tools.prometheus === null ? [] : [['Prometheus', local(config.PROMETHEUS_PORT)]]),
    ...(stack.tools.alertmanager === null ? [] : [['Alertmanager', local(config.ALERTMANAGER_PORT)]]),
    ['Actions API', local(config.API_PORT, '/openapi.json')],
    ['Exporter', local(config.EXPORTER_PORT, '/metrics')],
    ...(stack.database.demo && config.DEMO_HOST ? [['Demo host', local(config.DEMO_HOST_PORT)]] : []),
    ['Logs', path.join(config.DATA_DIR, 'logs')],
  ];
  const people = stack.people.slice(0, 8).map(({ name, login, role }) => `  ${name} (${login})  ${role === null ? 'no role: every page says so' : (ROLE_TITLES[role] ?? role)}`);
  return [
    '',
    ...lines.map(([name = '', value = '']) => `  ${name.padEnd(14)} ${value}`),
    '',
    `Sign in at ${config.PUBLIC_URL} as one of:`,
    ...people,
    ...(stack.people.length > people.length ? [`  and ${stack.people.length - people.length} more`] : []),
    '',
    'Ctrl-C stops everything.',
  ].join('\n');
}

/** Why an asked-for end is not an error. */
const STOPPED = new Problem('Stopped before it was ready.');

async function start(): Promise<number> {
  const begun = performance.now();
  const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
  const config = readLauncherConfig(process.env);
  const progress = createProgress();
  const ending = new AbortController();
  const asked = new Promise<unknown>((resolve) => {
    ending.signal.addEventListener('abort', () => resolve(ending.signal.reason), { once: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!ending.signal.aborted) {
        console.log('\nStopping …');
        ending.abort(STOPPED);
      }
    });
  }
  // A mistake of ours must not leave the parts running without us.
  process.on('uncaughtException', (error) => ending.abort(error));
  process.on('unhandledRejection', (error) => ending.abort(error));

  const stack = await startStack(config, progress, ending.signal);
  console.log(`\nReady in ${seconds(begun)}.\n${summary(config, stack)}`);
  const reason = await asked;
  const stopping = performance.now();
  await stack.stop();
  console.log(`Stopped in ${seconds(stopping)}.`);
  if (reason !== STOPPED) {
    throw reason;
  }
  return 0;
}

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  console.log(HELP);
} else {
  process.exitCode = await start().catch((error: unknown) => {
    console.error(`\n${explain(error)}`);
    return 1;
  });
  // A part that hangs on a socket must not keep the prompt away.
  process.exit();
}
