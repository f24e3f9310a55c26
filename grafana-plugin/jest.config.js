// The scaffold's jest configuration, with the ES-module packages of @grafana/* 13 transformed and contracts read from source.
process.env.TZ = 'UTC';
const base = require('./.config/jest.config');
const { grafanaESModules, nodeModulesToTransform } = require('./.config/jest/utils');

const swc = Object.values(base.transform)[0];
const moreESModules = [
  '@grafana',
  '@openfeature',
  '@react-hookz/web',
  '@ver0/deep-equal',
  '@wojtekmaj',
  'd3-[a-z-]+',
  'delaunator',
  'i18next[a-z-]*',
  'immutable',
  'internmap',
  'lru-cache',
  'nanoid',
  'react-[a-z0-9-]+',
  'robust-predicates',
];

module.exports = {
  ...base,
  testMatch: [...base.testMatch, '<rootDir>/test/**/*.test.{ts,tsx}'],
  setupFiles: ['<rootDir>/jest-globals.js'],
  // Grafana's components are slow in jsdom, more so beside other work.
  testTimeout: 60_000,
  transform: { '^.+\\.(t|mj|cj|j)sx?$': [swc[0], { ...swc[1], jsc: { ...swc[1].jsc, transform: { react: { runtime: 'automatic' } } } }] },
  transformIgnorePatterns: [nodeModulesToTransform([...grafanaESModules, ...moreESModules])],
};
