// `npm run e2e [part of a file name…]`: the browser tests, each line as it happens. BASE_URL=… runs them against a
// product that is already up.
import { createProgress } from './stack/progress.ts';
import { runEndToEnd } from './testing/e2e-part.ts';
import { runParts } from './testing/outcome.ts';

process.exitCode = await runParts([{ name: 'e2e', run: () => runEndToEnd(process.argv.slice(2), createProgress(), console.log) }]);
process.exit();
