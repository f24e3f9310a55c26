// Makes the foreign programs that the tests use available on a bare machine: promtool and amtool, and a browser.
import path from 'node:path';
import { readLauncherConfig } from '../config.ts';
import { findProgram, run } from '../process/command.ts';
import { findTools } from '../stack/tools.ts';

/** Puts the fetched programs on PATH for everything this process starts. */
export async function provideMonitoringTools(): Promise<void> {
  const config = readLauncherConfig(process.env);
  const { missing } = await findTools(config, () => undefined);
  missing.forEach((line) => console.log(`! ${line}`));
  process.env['PATH'] = `${process.env['PATH'] ?? ''}${path.delimiter}${path.join(config.DATA_DIR, 'tools', 'usr', 'bin')}`;
}

export interface Browser {
  /** Null when there is none; then `reason` says what to do. */
  readonly program: string | null;
  readonly reason: string;
}

/** Chromium from PATH or CHROMIUM; as root on Debian it is installed, since it needs many libraries and starts nothing. */
export async function provideBrowser(): Promise<Browser> {
  const find = (): string | null => process.env['CHROMIUM'] ?? findProgram('chromium', 'chromium-browser', 'google-chrome');
  const apt = findProgram('apt-get');
  if (find() === null && apt !== null && process.getuid?.() === 0) {
    console.log('… Installing chromium (apt-get)');
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    const install = () => run(apt, ['install', '-y', '-q', '--no-install-recommends', 'chromium'], { env });
    if ((await install()).code !== 0) {
      await run(apt, ['update', '-q'], { env });
      await install();
    }
  }
  return { program: find(), reason: 'there is no Chromium; install it (Debian: apt-get install chromium) or set CHROMIUM to its path' };
}
