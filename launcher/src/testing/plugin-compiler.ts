// Loaded before ESLint by `--import`. Its TypeScript rules need a compiler with a JavaScript API: the plugin's own 5.9. npm
// puts some of their packages at the root, beside the services' TypeScript 7, which has none.
import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { inRoot } from '../root.ts';

const compiler = pathToFileURL(createRequire(inRoot('grafana-plugin/package.json')).resolve('typescript')).href;

registerHooks({
  resolve: (specifier, context, next) => (specifier === 'typescript' ? { url: compiler, format: 'commonjs', shortCircuit: true } : next(specifier, context)),
});
