// Runs on whatever Node a machine has (20 and up): makes sure dependencies are installed, then hands over to the
// Node 24 that npm brought (DESIGN.md section 5).
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const modules = path.join(root, 'node_modules');
const stamp = path.join(modules, '.installed');
const lockHash = createHash('sha256').update(readFileSync(path.join(root, 'package-lock.json'))).digest('hex');

function installed() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash;
}

if (!installed()) {
  console.log('Installing dependencies (npm ci) …');
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) {
    console.error('npm ci failed. Read its message above; check that the npm registry can be reached, then try again.');
    process.exit(1);
  }
  writeFileSync(stamp, lockHash);
}

const node = path.join(modules, '.bin', 'node');
if (!existsSync(node)) {
  console.error(`npm has no Node 24 for ${process.platform}-${process.arch}. Install Node 24 and run: node launcher/src/${process.argv[2]}.ts`);
  process.exit(1);
}
const [command, ...args] = process.argv.slice(2);
const env = { ...process.env, PATH: `${path.join(modules, '.bin')}${path.delimiter}${process.env.PATH}` };
const child = spawnSync(node, [path.join(root, 'launcher', 'src', `${command}.ts`), ...args], { cwd: root, stdio: 'inherit', env });
process.exit(child.status ?? 1);
