// esbuild plugin: which copy of a package is bundled. Internal modules by file, and one router for everybody.
import { createRequire } from 'node:module';
import path from 'node:path';
import type { OnResolveResult, Plugin } from 'esbuild';
import { internalModuleFile } from './internals.ts';

/** Packages that keep a React context: two copies in one page would not see each other's. */
const ONE_COPY =
  /^(?:react|react-dom|react-router-dom|react-router-dom-v5-compat|@emotion\/(?:css|react|cache)|rxjs|i18next)$/;

/** Set on a resolve of our own, so that it is not caught again. */
const SETTLED = { settled: true };

/** @param workspace the folder whose package.json names the versions */
export function resolvePackages(workspace: string): Plugin {
  const { resolve } = createRequire(path.join(workspace, 'package.json'));
  const packages = path.dirname(path.dirname(resolve('@grafana/runtime/package.json')));
  const reactDom = path.dirname(resolve('react-dom/package.json'));
  return {
    name: 'resolve-packages',
    setup(build) {
      build.onResolve({ filter: /^@grafana-internal\// }, ({ path: name }) => ({
        path: internalModuleFile(name, packages),
      }));
      // @grafana/ui renders one piece of markup to text; the streaming server that comes along would be 100 kB of every first view.
      build.onResolve({ filter: /^react-dom\/server$/ }, () => ({
        path: path.join(reactDom, 'cjs/react-dom-server-legacy.browser.production.js'),
      }));
      build.onResolve({ filter: ONE_COPY }, ({ path: name, kind, pluginData }): Promise<OnResolveResult> | undefined =>
        pluginData === SETTLED ? undefined : build.resolve(name, { kind, resolveDir: workspace, pluginData: SETTLED }),
      );
    },
  };
}
