// The panels beside the app: each is described to Grafana, listed wherever the app is installed, and one file.
import fs from 'fs';
import path from 'path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { dashboards } from '../generate.ts';
import { pluginManifest } from '../src/manifest.ts';
import schema from './plugin.schema.json';

const PANELS = path.resolve(__dirname, '../src/panels');
const folders = fs.readdirSync(PANELS);
const described = (folder: string) => JSON.parse(fs.readFileSync(path.join(PANELS, folder, 'plugin.json'), 'utf8')) as { id: string };

describe.each(folders)('%s', (folder) => {
  test('its plugin.json is valid', () => {
    const validate = addFormats(new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })).compile(schema);
    // Placeholders are filled in by the build.
    validate(JSON.parse(JSON.stringify(described(folder)).replaceAll('%VERSION%', '0.1.0').replaceAll('%TODAY%', '2026-11-22')));
    expect(validate.errors ?? []).toEqual([]);
    expect(described(folder).id).toBe(`cloudtolocalllm-${folder}`);
  });

  test('the app includes it, and Grafana in Docker may load it', () => {
    expect(pluginManifest(dashboards).includes).toContainEqual(expect.objectContaining({ type: 'panel', path: `panels/${folder}` }));
    const compose = fs.readFileSync(path.resolve(__dirname, '../../docker-compose.yml'), 'utf8');
    expect(/GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS: (.*)/.exec(compose)?.[1]?.split(',')).toContain(described(folder).id);
  });

  test('nothing it imports is loaded later: Grafana serves a nested panel as one file', () => {
    const seen = new Set<string>();
    const visit = (file: string) => {
      if (seen.has(file)) {
        return;
      }
      seen.add(file);
      const source = fs.readFileSync(file, 'utf8');
      expect(`${file}: ${/\bimport\(|\blazy\(/.exec(source)?.[0] ?? 'no dynamic import'}`).toBe(`${file}: no dynamic import`);
      for (const [, specifier = ''] of source.matchAll(/from '(\.[^']+)'/g)) {
        visit(path.resolve(path.dirname(file), specifier));
      }
    };
    visit(path.join(PANELS, folder, 'module.tsx'));
    expect(seen.size).toBeGreaterThan(10);
  });
});
