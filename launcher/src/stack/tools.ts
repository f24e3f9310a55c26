// Finds Prometheus, promtool and Alertmanager; on Debian and Ubuntu it fetches the packages' programs into the data
// directory. Unpacked there they install, start and enable no service; only Alertmanager's templates go to their fixed place.
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { LauncherConfig } from '../config.ts';
import { findProgram, run } from '../process/command.ts';
import { Problem } from '../problem.ts';

export interface Tools {
  readonly prometheus: string | null;
  readonly promtool: string | null;
  readonly alertmanager: string | null;
  /** What is missing and what to do, one sentence each; empty when all are there. */
  readonly missing: readonly string[];
}

const PACKAGES = { prometheus: 'prometheus', promtool: 'prometheus', alertmanager: 'prometheus-alertmanager' } as const;
type Tool = keyof typeof PACKAGES;
/** Debian calls Alertmanager's program after its package. */
const PROGRAMS: Record<Tool, readonly string[]> = { prometheus: ['prometheus'], promtool: ['promtool'], alertmanager: ['prometheus-alertmanager', 'alertmanager'] };

/** Debian's Alertmanager reads its templates from here, wherever it lies itself, and does not start without them. */
const TEMPLATES = 'usr/share/prometheus/alertmanager';
const needs: Partial<Record<Tool, string>> = { alertmanager: path.join('/', TEMPLATES, 'default.tmpl') };

export async function findTools(config: LauncherConfig, detail: (text: string) => void): Promise<Tools> {
  const folder = path.join(config.DATA_DIR, 'tools');
  const chosen = { prometheus: config.PROMETHEUS_BIN, promtool: config.PROMTOOL_BIN, alertmanager: config.ALERTMANAGER_BIN };
  const find = (tool: Tool): string | null => {
    const file = chosen[tool];
    if (file !== undefined && !existsSync(file)) {
      throw new Problem(`${tool.toUpperCase()}_BIN is ${file}, and there is no such file.`);
    }
    const fetched = PROGRAMS[tool].map((name) => path.join(folder, 'usr', 'bin', name)).filter((name) => existsSync(name) && existsSync(needs[tool] ?? name));
    return file ?? findProgram(...PROGRAMS[tool]) ?? fetched[0] ?? null;
  };
  const tools = (Object.keys(PACKAGES) as Tool[]).filter((tool) => find(tool) === null);
  const packages = [...new Set(tools.map((tool) => PACKAGES[tool]))];
  const problem = packages.length > 0 && config.INSTALL_PACKAGES ? await fetchPackages(packages, folder, detail) : null;
  return {
    prometheus: find('prometheus'),
    promtool: find('promtool'),
    alertmanager: find('alertmanager'),
    missing: tools.filter((tool) => find(tool) === null).map((tool) => `${tool} is not installed${problem === null ? '' : ` (${problem})`}. ${advice(tool)}`),
  };
}

function advice(tool: Tool): string {
  const without = tool === 'alertmanager' ? 'Alerts are evaluated but sent nowhere.' : tool === 'promtool' ? 'Graphs start without their past.' : 'Graphs stay empty and alerts silent; lists and actions work.';
  const how =
    process.platform === 'darwin'
      ? `brew install ${tool === 'alertmanager' ? 'alertmanager' : 'prometheus'}`
      : `on Debian and Ubuntu: apt-get install ${PACKAGES[tool]}; elsewhere put it on PATH or set ${tool.toUpperCase()}_BIN`;
  return `${without} To have it: ${how}.`;
}

/**
 * Downloads Debian packages with apt and unpacks them.
 * @returns null, or why it did not work
 */
export async function fetchPackages(packages: readonly string[], folder: string, detail: (text: string) => void): Promise<string | null> {
  const apt = findProgram('apt-get');
  const dpkg = findProgram('dpkg');
  if (apt === null || dpkg === null) {
    return 'there is no apt-get here';
  }
  await mkdir(folder, { recursive: true });
  const downloads = await mkdtemp(path.join(folder, 'download-'));
  try {
    const download = () => run(apt, ['download', '-q', ...packages], { cwd: downloads, onOutput: (text) => detail(text.trim()) });
    let result = await download();
    if (result.code !== 0 && process.getuid?.() === 0) {
      // A bare container has no package lists.
      detail('apt-get update');
      await run(apt, ['update', '-q'], { onOutput: (text) => detail(text.trim()) });
      result = await download();
    }
    if (result.code !== 0) {
      return `apt-get download says: ${result.output.trim().split('\n').at(-1) ?? ''}`;
    }
    for (const file of await readdir(downloads)) {
      const unpacked = await run(dpkg, ['-x', path.join(downloads, file), folder]);
      if (unpacked.code !== 0) {
        return unpacked.output.trim();
      }
    }
    return await placeTemplates(folder);
  } finally {
    await rm(downloads, { recursive: true, force: true });
  }
}

/** @returns null, or why they are not in place */
async function placeTemplates(folder: string): Promise<string | null> {
  const [from, to] = [path.join(folder, TEMPLATES), path.join('/', TEMPLATES)];
  if (!existsSync(from)) {
    return null;
  }
  return cp(from, to, { recursive: true, force: false }).then(() => null, () => `its templates cannot be copied to ${to}`);
}
