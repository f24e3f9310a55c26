// Names of the packages a plugin finds in its host: a part of Grafana's own list and nothing beyond it. A test holds it against the
// externals of the plugin's scaffold.
export const SHARED_NAMES = [
  '@emotion/css',
  '@emotion/react',
  '@grafana/data',
  '@grafana/data/unstable',
  '@grafana/runtime',
  '@grafana/runtime/unstable',
  '@grafana/ui',
  '@grafana/ui/unstable',
  'i18next',
  'lodash',
  'moment',
  'react',
  'react/jsx-runtime',
  'react-dom',
  'react-inlinesvg',
  'react-router',
  'react-router-dom',
  'rxjs',
  'rxjs/operators',
] as const;

export type SharedName = (typeof SHARED_NAMES)[number];
