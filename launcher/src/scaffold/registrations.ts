// The few lists that name every capability, and how a new one is written into each.
import type { Names } from './names.ts';

export interface Registration {
  readonly file: string;
  /** What is put where; each place is there exactly once. */
  readonly insertions: readonly { readonly at: RegExp; readonly with: (match: string) => string }[];
}

/** Adds a line behind the last import. */
const anImport = (line: string) => ({ at: /(?:^import [^\n]*\n)+/m, with: (imports: string) => `${imports}${line}\n` });
/** Adds an element at the end of a list on one line. */
const element = (list: RegExp, text: string) => ({ at: list, with: (match: string) => match.replace(/\]([^\]]*)$/, `, ${text}]$1`) });
/** Adds a row at the end of an object, before its closing line. */
const row = (object: RegExp, text: string) => ({ at: object, with: (match: string) => match.replace(/\n(\}[^\n]*)$/, `\n  ${text}\n$1`) });

export function registrations({ noun, camel, pascal, title }: Names): readonly Registration[] {
  return [
    {
      file: 'contracts/src/capabilities.ts',
      insertions: [anImport(`import { ${camel} } from './${noun}.ts';`), element(/capabilities: readonly Capability\[\] = \[[^\]]*\];/, camel)],
    },
    { file: 'contracts/src/core.ts', insertions: [element(/COLLECTORS = \[[^\]]*\] as const;/, `'${noun}'`)] },
    {
      file: 'exporter/src/collectors.ts',
      insertions: [anImport(`import { ${camel} } from './collectors/${noun}.ts';`), element(/collectors: readonly Collector\[\] = \[[^\]]*\];/, camel)],
    },
    {
      file: 'actions-api/src/app.ts',
      insertions: [anImport(`import { ${camel}Routes } from './capabilities/${noun}/routes.ts';`), element(/const routes = \[[^\]]*\];/, `...${camel}Routes(services)`)],
    },
    {
      file: 'grafana-plugin/src/routes.ts',
      insertions: [
        row(/export const ROUTES = \{[\s\S]*?\n\} as const[^\n]*/, `${camel}: { path: '${noun}', title: '${title}', subTitle: 'How many there are, and how that changed.', permission: '${noun}:read' },`),
      ],
    },
    {
      file: 'grafana-plugin/src/App.tsx',
      insertions: [
        anImport(`import { ${camel}Page } from './capabilities/${noun}/${pascal}Page.ts';`),
        row(/const SCENES: [^\n]*\{[\s\S]*?\n\};/, `${camel}: ${camel}Page,`),
      ],
    },
    {
      file: 'grafana-plugin/src/platform/promql.ts',
      insertions: [
        anImport(`import type { ${camel} } from '@admin-center/contracts/${noun}';`),
        { at: /typeof \w+\)\['metrics'\]/, with: (match) => match.replace(')', ` | typeof ${camel})`) },
      ],
    },
    {
      file: 'grafana-plugin/generate.ts',
      insertions: [anImport(`import { ${camel} } from './src/dashboards/${noun}.ts';`), element(/export const dashboards = \[[^\]]*\];/, camel)],
    },
  ];
}
