// Tests of the services (the plugin has the scaffold's jest of its own). They share one real PostgreSQL, started here.
// Run: NODE_OPTIONS=--experimental-vm-modules npx jest [path]
import { existsSync } from 'node:fs';

const folders = ['contracts', 'platform', 'database', 'exporter', 'sdk', 'actions-api', 'demo-host', 'standalone/server', 'launcher', 'checks'].filter((folder) => existsSync(new URL(folder, import.meta.url)));

export default {
  globalSetup: '<rootDir>/database/testing/jest-start-cluster.ts',
  globalTeardown: '<rootDir>/database/testing/jest-stop-cluster.ts',
  testTimeout: 60_000,
  projects: folders.map((folder) => ({
    displayName: folder,
    rootDir: '<rootDir>',
    roots: [`<rootDir>/${folder}`],
    testEnvironment: 'node',
    testMatch: ['**/*.test.ts'],
    extensionsToTreatAsEsm: ['.ts'],
    transform: {
      '\\.ts$': ['@swc/jest', { sourceMaps: 'inline', module: { type: 'es6' }, jsc: { target: 'es2024', parser: { syntax: 'typescript' } } }],
    },
  })),
};
