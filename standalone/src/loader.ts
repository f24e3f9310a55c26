// Loads built plugins through plain script tags, byte for byte: they call the AMD `define` that SystemJS installs here.
// The host bundle itself is built without `define.amd`, or its own UMD libraries would register as plugins.
import 'systemjs/dist/system.js';
import 'systemjs/dist/extras/amd.js';
import 'systemjs/dist/extras/named-register.js';
import type { SharedDependencies } from './shared-dependencies.ts';

/**
 * Makes the shared packages importable by name. Each is resolved only when a plugin first asks for it: SystemJS copies the namespace then,
 * and `PluginPage` of @grafana/runtime is a binding that is set during boot.
 */
export function registerShared(dependencies: SharedDependencies): void {
  const imports: Record<string, string> = {};
  for (const [name, load] of Object.entries(dependencies)) {
    const id = `package:${name}`;
    imports[name] = id;
    System.register(id, [], (_export) => ({
      execute: async () => {
        _export(withDefault(await load()));
      },
    }));
  }
  System.addImportMap({ imports });
}

/** Babel-style default imports (`import React from 'react'`) need a `default`. */
const withDefault = (module: object): Record<string, unknown> =>
  'default' in module ? { ...module } : { ...module, default: module };

/** @param hash changes with the content of the module, so that the address may be cached for ever */
export async function importPlugin(module: string, hash: string): Promise<unknown> {
  const loaded: { plugin?: unknown; default?: { plugin?: unknown } } = await System.import(`${module}?_cache=${hash}`);
  const plugin = await (loaded.plugin ?? loaded.default?.plugin);
  if (plugin === undefined) {
    throw new Error(`${module} does not export "plugin".`);
  }
  return plugin;
}
