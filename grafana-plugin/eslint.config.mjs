import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { defineConfig } from 'eslint/config';

// The services are checked by TypeScript 7, which has no JavaScript API and sits where npm hoists the lint plugins' shared
// parts; those get this workspace's TypeScript 5 instead.
const typescript = pathToFileURL(createRequire(import.meta.url).resolve('typescript')).href;
registerHooks({ resolve: (specifier, context, next) => (specifier === 'typescript' ? { url: typescript, shortCircuit: true } : next(specifier, context)) });

const { default: baseConfig } = await import('./.config/eslint.config.mjs');

export default defineConfig([
  {
    ignores: [
      '**/logs',
      '**/*.log',
      '**/npm-debug.log*',
      '**/yarn-debug.log*',
      '**/yarn-error.log*',
      '**/.pnpm-debug.log*',
      '**/node_modules/',
      '.yarn/cache',
      '.yarn/unplugged',
      '.yarn/build-state.yml',
      '.yarn/install-state.gz',
      '**/.pnp.*',
      '**/pids',
      '**/*.pid',
      '**/*.seed',
      '**/*.pid.lock',
      '**/lib-cov',
      '**/coverage',
      '**/dist/',
      '**/artifacts/',
      '**/work/',
      '**/ci/',
      'test-results/',
      'playwright-report/',
      'blob-report/',
      'playwright/.cache/',
      'playwright/.auth/',
      '**/.idea',
      '**/.eslintcache',
    ],
  },
  ...baseConfig,
  {
    files: ['src/**/*.{ts,tsx}', 'test/**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { project: './tsconfig.json' } },
    rules: {
      // JSX compiles to react/jsx-runtime (webpack.config.ts).
      'react/react-in-jsx-scope': 'off',
      'no-console': 'error',
      'no-restricted-globals': ['error', { name: 'fetch', message: 'Go through platform/api.ts.' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
    },
  },
]);
