// Files stay small enough to read, and open with what they are for.
import { expect, test } from '@jest/globals';
import { files, read } from './files.ts';

const LONGEST = 300;
const EXEMPT = [/\.test\.(ts|tsx|yml)$/, /\.e2e\.ts$/, /\.bench\.ts$/, /^database\/demo\//, /^database\/hosts\/[^/]+\/host-catalog\.json$/, /^grafana-plugin\/\.config\//, /(^|\/)openapi\.json$/, /^package-lock\.json$/, /^docs\//, /\.json$/];
const SOURCES = ['*.ts', '*.tsx', '*.mjs', '*.sql', '*.yml', '*.yaml'];

test('no source file has more than 300 lines', () => {
  const long = files(...SOURCES)
    .filter((file) => !EXEMPT.some((pattern) => pattern.test(file)))
    .map((file) => ({ file, lines: read(file).split('\n').length - 1 }))
    .filter(({ lines }) => lines > LONGEST);
  expect(long).toEqual([]);
});

test('every source file of ours opens with a comment', () => {
  const silent = files('*.ts', '*.tsx', '*.mjs', '*.sql', '*.yml', '*.yaml')
    .filter((file) => !/\.test\.tsx?$/.test(file) && !file.startsWith('grafana-plugin/.config/') && !/^grafana-plugin\/(jest|eslint|\.)/.test(file))
    .filter((file) => !/^(\/\/|\/\*|--|#|<!--)/.test(read(file)));
  expect(silent).toEqual([]);
});
