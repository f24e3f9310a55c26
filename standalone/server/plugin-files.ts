// The built plugin as it lies on disk: its plugin.json, the panels nested in it, and where each one's files are.
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ORG_ROLES } from '../src/access.ts';

const logos = z.object({ small: z.string(), large: z.string() });
const info = z.looseObject({ version: z.string().default(''), logos });

const include = z.looseObject({
  type: z.string(),
  name: z.string(),
  path: z.string().optional(),
  role: z.string().optional(),
  action: z.string().optional(),
  icon: z.string().optional(),
  addToNav: z.boolean().optional(),
  defaultNav: z.boolean().optional(),
});
export type Include = z.output<typeof include>;

const route = z.looseObject({
  path: z.string(),
  method: z.string().optional(),
  reqRole: z.string().optional(),
  reqAction: z.string().optional(),
  url: z.string(),
  headers: z.array(z.object({ name: z.string(), content: z.string() })).optional(),
});
export type ProxyRoute = z.output<typeof route>;

const roleGrant = z.object({
  role: z.looseObject({ name: z.string(), permissions: z.array(z.looseObject({ action: z.string() })).default([]) }),
  grants: z.array(z.enum([...ORG_ROLES, 'Grafana Admin'])).default([]),
});

const manifest = z.looseObject({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  info,
  includes: z.array(include).default([]),
  routes: z.array(route).default([]),
  roles: z.array(roleGrant).default([]),
});
export type PluginManifest = z.output<typeof manifest>;

export interface HostedPlugin {
  readonly manifest: PluginManifest;
  readonly directory: string;
  /** Changes with the bytes of module.js; part of its URL, so that it may be cached for ever. */
  readonly moduleHash: string;
}

export interface PluginFiles {
  readonly app: HostedPlugin;
  readonly nested: readonly HostedPlugin[];
  /** The app or a nested panel by its id. */
  find(id: string): HostedPlugin | undefined;
}

/**
 * Reads the plugin; again only after plugin.json or module.js changed, so that a rebuild shows without a restart.
 * @throws Error that says how to build it when it is not there
 */
export function createPluginReader(dist: string): () => Promise<PluginFiles> {
  let cached: { stamp: string; files: PluginFiles } | undefined;
  return async () => {
    const stamps = await Promise.all(['plugin.json', 'module.js'].map((name) => stat(path.join(dist, name)))).catch(
      (cause: unknown) => {
        throw new Error(`No built plugin in ${dist}. Build it first: npm run build -w grafana-plugin.`, { cause });
      },
    );
    const stamp = stamps.map(({ mtimeMs, size }) => `${mtimeMs}:${size}`).join('|');
    if (cached?.stamp !== stamp) {
      cached = { stamp, files: await readPlugin(dist) };
    }
    return cached.files;
  };
}

async function readPlugin(dist: string): Promise<PluginFiles> {
  const manifests = (await readdir(dist, { recursive: true })).filter((name) => path.basename(name) === 'plugin.json');
  const plugins = await Promise.all(manifests.map((name) => readHosted(path.join(dist, path.dirname(name)))));
  const app = plugins.find(({ directory }) => directory === path.normalize(dist));
  if (app?.manifest.type !== 'app') {
    throw new Error(`${dist}/plugin.json is not an app plugin.`);
  }
  const nested = plugins.filter((plugin) => plugin !== app);
  return { app, nested, find: (id) => plugins.find((plugin) => plugin.manifest.id === id) };
}

async function readHosted(directory: string): Promise<HostedPlugin> {
  const text = await readFile(path.join(directory, 'plugin.json'), 'utf8');
  const module = await readFile(path.join(directory, 'module.js'));
  return {
    manifest: manifest.parse(JSON.parse(text)),
    directory: path.normalize(directory),
    moduleHash: createHash('sha256').update(module).digest('hex').slice(0, 16),
  };
}
