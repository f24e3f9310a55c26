// `npm test [-- name…]`: everything that shows the product works. The last line sums all tools up.
import { checkParts } from './testing/check-parts.ts';
import { runJest } from './testing/jest.ts';
import { existsSync } from 'node:fs';
import { runParts, selectParts, skip, type Part } from './testing/outcome.ts';
import { inRoot, npmBin, root } from './root.ts';

const parts: readonly Part[] = [
  ...checkParts,
  {
    name: 'services',
    run: async () => (!existsSync(inRoot('jest.config.mjs')) ? skip('there is no jest.config.mjs yet') : runJest({ program: npmBin('jest'), cwd: root, args: [], env: { NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' } })),
  },
];

process.exitCode = await runParts(selectParts(parts, process.argv.slice(2)));
