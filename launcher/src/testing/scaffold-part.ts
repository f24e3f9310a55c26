// Shows that `npm run new` still fits: in a copy of the checkout it writes a capability and runs what such a capability must
// pass. A change of shape that forgets the scaffold fails here.
import { cpSync, mkdirSync, readdirSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../process/command.ts';
import { inRoot, root } from '../root.ts';
import { ES_MODULES, runJest } from './jest.ts';
import { failure, type Outcome } from './outcome.ts';

/** Two words, so that every form of the name is used. */
const NOUN = 'support-notes';

export async function runScaffold(): Promise<Outcome> {
  const copy = await mkdtemp(path.join(tmpdir(), 'admin-center-scaffold-'));
  try {
    await copyCheckout(copy);
    const node = (script: string, ...args: string[]) =>
      run(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', path.join(copy, script), ...args], { cwd: copy, env: { PATH: `${path.join(copy, 'node_modules/.bin')}${path.delimiter}${process.env['PATH'] ?? ''}` } });
    for (const [script, ...args] of [['launcher/src/new.ts', NOUN], ['launcher/src/test.ts', 'types', 'lint', 'generated', 'plugin-types']] as const) {
      const { code, output } = await node(script, ...args);
      if (code !== 0) {
        return failure(output);
      }
    }
    return await runJest({ program: path.join(copy, 'node_modules/.bin/jest'), cwd: copy, args: [NOUN, 'checks/(alerts|capabilities|metrics|sizes)', '--runInBand'], env: ES_MODULES });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** The files of this checkout with its dependencies linked; links between the workspaces lead to the copy. */
async function copyCheckout(copy: string): Promise<void> {
  const { output } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate']);
  for (const file of output.split('\n').filter((name) => name !== '' && existsSync(inRoot(name)))) {
    mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    cpSync(inRoot(file), path.join(copy, file));
  }
  // The checks ask git for the files there are.
  await run('git', ['init', '--quiet', copy]);
  const modules = path.join(copy, 'node_modules');
  mkdirSync(path.join(modules, '@admin-center'), { recursive: true });
  for (const name of readdirSync(inRoot('node_modules')).filter((entry) => entry !== '@admin-center' && entry !== '.cache')) {
    symlinkSync(inRoot('node_modules', name), path.join(modules, name));
  }
  const { workspaces } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { workspaces: string[] };
  for (const workspace of workspaces) {
    symlinkSync(path.join(copy, workspace), path.join(modules, '@admin-center', workspace));
    if (existsSync(inRoot(workspace, 'node_modules'))) {
      symlinkSync(inRoot(workspace, 'node_modules'), path.join(copy, workspace, 'node_modules'));
    }
  }
}
