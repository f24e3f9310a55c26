// `npm run check [name…]`: the quick checks, without databases or browsers.
import { explain } from './problem.ts';
import { checkParts } from './testing/check-parts.ts';
import { runParts, selectParts } from './testing/outcome.ts';
import { provideMonitoringTools } from './testing/provide-tools.ts';

async function check(): Promise<number> {
  const parts = selectParts(checkParts, process.argv.slice(2));
  await provideMonitoringTools();
  return runParts(parts);
}

process.exitCode = await check().catch((error: unknown) => {
  console.error(explain(error));
  return 1;
});
