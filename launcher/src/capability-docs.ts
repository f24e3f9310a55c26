// Fills the generated part of docs/capabilities/<noun>.md: tables of permissions, endpoints and metrics from the contracts.
import { readFileSync } from 'node:fs';
import { capabilities } from '@admin-center/contracts/capabilities';
import type { Capability, LabelValues } from '@admin-center/contracts/capability';
import { inRoot } from './root.ts';

const BEGIN = '<!-- generated: tables -->';
const END = '<!-- end generated -->';

export const capabilityPage = (noun: string): string => `docs/capabilities/${noun}.md`;

/** @throws Error when a page lacks the markers */
export function renderCapabilityPage(capability: Capability, text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(`${capabilityPage(capability.noun)} needs the lines "${BEGIN}" and "${END}"; the tables go between them.`);
  }
  return `${text.slice(0, begin + BEGIN.length)}\n\n${tables(capability)}\n\n${text.slice(end)}`;
}

/** Path from the checkout → content, one page per capability. */
export function capabilityPages(): Map<string, string> {
  return new Map(capabilities.map((capability) => [capabilityPage(capability.noun), renderCapabilityPage(capability, readFileSync(inRoot(capabilityPage(capability.noun)), 'utf8'))]));
}

function tables({ permissions, endpoints, metrics }: Capability): string {
  return [
    section('Permissions', ['permission', 'roles', 'allows'], Object.entries(permissions).map(([name, { roles, description }]) => [code(name), roles.join(', '), description])),
    section(
      'Endpoints',
      ['request', 'permission', 'audited as', 'what it does'],
      Object.values(endpoints).map(({ method, path, permission, audit, summary }) => [code(`${method} ${path}`), permission === null ? 'signed in' : code(permission), audit === undefined ? '' : code(audit), summary]),
    ),
    section(
      'Metrics',
      ['metric', 'type', 'labels', 'meaning'],
      metrics.map(({ name, type, labels, help }) => [code(name), type, Object.entries(labels).map(([label, values]) => `${code(label)}: ${describeValues(values)}`).join('; '), help]),
    ),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

const code = (text: string): string => `\`${text}\``;
const describeValues = (values: LabelValues): string => ('max' in values ? `at most ${values.max}, the rest \`other\`` : values.join(', '));
const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : [`## ${title}`, '', row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}
