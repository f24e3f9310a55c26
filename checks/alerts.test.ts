// Every alert says what it means, where its runbook is, and has shown that it fires and that it stays silent.
import { describe, expect, test } from '@jest/globals';
import { capabilities } from '@admin-center/contracts/capabilities';
import { read } from './files.ts';
import { alerts, expectations } from './rules.ts';

/** The text under a heading `### <name>`, up to the next heading. */
function runbook(noun: string, name: string): string {
  const [, after = ''] = read(`docs/capabilities/${noun}.md`).split(`\n### ${name}\n`);
  return after.split(/\n#{1,3} /)[0] ?? '';
}

test('alert names are unique and their files are named after capabilities', () => {
  const names = alerts.map(({ alert }) => alert);
  expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  const nouns = capabilities.map(({ noun }) => noun);
  expect(alerts.filter(({ noun }) => !nouns.includes(noun))).toEqual([]);
});

describe.each(alerts.map((alert) => [alert.alert, alert] as const))('%s', (name, alert) => {
  test('has a severity and says in sentences what is the matter', () => {
    expect(['page', 'ticket']).toContain(alert.labels['severity']);
    expect(alert.annotations['summary']).toMatch(/^.{15,}\.(\{\{ end \}\})?$/);
    expect(alert.annotations['description']).toMatch(/^.{30,}\.$/);
    expect(name).toMatch(/^Admin[A-Z]/);
  });

  test('links to its runbook, which has all four parts', () => {
    expect(alert.annotations['runbook_url']).toBe(`docs/capabilities/${alert.noun}.md#${name.toLowerCase()}`);
    const text = runbook(alert.noun, name);
    for (const part of ['Meaning', 'Impact', 'Diagnosis', 'Mitigation']) {
      expect(text).toMatch(new RegExp(`\\*\\*${part}\\.\\*\\* .{10,}`));
    }
  });

  test('is shown firing and shown silent', () => {
    const shown = expectations.filter(({ alertname }) => alertname === name);
    expect(shown.some(({ fires }) => fires)).toBe(true);
    expect(shown.some(({ fires }) => !fires)).toBe(true);
  });
});

test('no runbook is left of an alert that is gone', () => {
  const headings = capabilities.flatMap(({ noun }) => [...read(`docs/capabilities/${noun}.md`).matchAll(/^### (Admin\w+)$/gm)].map(([, name]) => name));
  expect(headings.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
});
