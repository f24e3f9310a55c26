// Runs Prometheus's own tool, which turns OpenMetrics text into blocks of its database.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** @throws Error that says how to get promtool, when it is not there */
export async function requirePromtool(promtool: string): Promise<void> {
  await run(promtool, ['--version']).catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      error.code === 'ENOENT'
        ? `There is no promtool (${promtool}). It comes with Prometheus: install the package prometheus, or name the program.`
        : `promtool does not run (${promtool}): ${error.message}`,
      { cause: error },
    );
  });
}

/** @param file OpenMetrics text that ends with # EOF @param folder where the blocks go; made when it is not there */
export async function createBlocks(promtool: string, file: string, folder: string): Promise<void> {
  try {
    // 2-hour blocks, the default, would take two hundred times as long.
    await run(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=720h', '--quiet', file, folder], { maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    throw new Error(`promtool could not make blocks: ${stderr.trim() || message}`, { cause: error });
  }
}
