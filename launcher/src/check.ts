// `npm run check [name…]`: the quick checks, without databases or browsers.
import { checkParts } from './testing/check-parts.ts';
import { runParts, selectParts } from './testing/outcome.ts';

process.exitCode = await runParts(selectParts(checkParts, process.argv.slice(2)));
