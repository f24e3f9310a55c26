// `npm test [-- name…]`: everything that shows the product works. The last line sums all tools up.
import { explain } from './problem.ts';
import { checkParts } from './testing/check-parts.ts';
import { runParts, selectParts } from './testing/outcome.ts';
import { provideMonitoringTools } from './testing/provide-tools.ts';
import { suites } from './testing/suites.ts';

async function test(): Promise<number> {
  const parts = selectParts([...checkParts, ...suites], process.argv.slice(2));
  await provideMonitoringTools();
  return runParts(parts);
}

process.exitCode = await test().catch((error: unknown) => {
  console.error(explain(error));
  return 1;
});
process.exit();
