// Runs on whatever Node a machine has (20 and up): makes sure dependencies are installed, then hands over to the
// Node 24 that npm brought (DESIGN.md section 5) and stays until that has ended.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const modules = path.join(root, 'node_modules');
const lockFile = path.join(root, '.data', 'install.lock');
const COMMANDS = ['start', 'test', 'check', 'generate', 'bench', 'e2e', 'backfill', 'new'];

function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Compares the lockfile with the one npm leaves behind at the very end of an install, so an interrupted one counts as none. */
function installed() {
  const written = path.join(modules, '.package-lock.json');
  if (!existsSync(written)) {
    return false;
  }
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(written, 'utf8')).packages;
  return Object.entries(wanted).every(([where, entry]) => {
    if (!where.includes('node_modules/') || entry.link === true) {
      return true;
    }
    const found = present[where];
    return found === undefined ? entry.optional === true || entry.devOptional === true : found.version === entry.version;
  });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** One install at a time in a checkout: whoever creates the file installs, the others wait for it to go. */
async function lockInstall() {
  mkdirSync(path.dirname(lockFile), { recursive: true });
  for (let told = false; ; ) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') {
        throw error;
      }
    }
    const owner = existsSync(lockFile) ? Number(readFileSync(lockFile, 'utf8')) : 0;
    if (owner > 0 && !isAlive(owner)) {
      rmSync(lockFile, { force: true });
    } else if (!told) {
      told = true;
      console.log(`Another command (process ${owner}) is installing dependencies; waiting for it …`);
    }
    await sleep(200);
  }
}

async function install() {
  if (installed()) {
    return;
  }
  await lockInstall();
  process.once('exit', () => rmSync(lockFile, { force: true }));
  if (!installed()) {
    console.log('Installing dependencies (npm ci) …');
    const begun = Date.now();
    const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
    if (result.status !== 0) {
      fail('npm ci failed. Read its message above; check that the npm registry can be reached, then try again.');
    }
    console.log(`Dependencies installed in ${((Date.now() - begun) / 1000).toFixed(0)} s.`);
  }
  rmSync(lockFile, { force: true });
}

const [command, ...args] = process.argv.slice(2);
if (!COMMANDS.includes(command)) {
  fail(`Unknown command ${command}. There are: ${COMMANDS.join(', ')}.`);
}
await install();
const node = path.join(modules, '.bin', 'node');
if (!existsSync(node)) {
  fail(`npm has no Node 24 for ${process.platform}-${process.arch}. Install Node 24 and run: node launcher/src/${command}.ts`);
}
const env = {
  ...process.env,
  PATH: `${path.join(modules, '.bin')}${path.delimiter}${process.env.PATH}`,
  // Halves what each process of ours needs to start: it finds its modules stripped of types and compiled.
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? path.join(modules, '.cache', 'admin-center', 'compiled'),
};
// The plugin's package.json names no module type, as its scaffold wants it; Node says so each time it reads a file of it.
const child = spawn(node, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', path.join(root, 'launcher', 'src', `${command}.ts`), ...args], { cwd: root, stdio: 'inherit', env });
// Ctrl-C reaches the child too; staying until it has ended gives the prompt back only when everything is down.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => child.kill(signal));
}
child.on('error', (error) => fail(`${node} could not be started: ${error.message}`));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
