// Templates of plugin routes.
import { expect, test } from '@jest/globals';
import { renderTemplate } from './template.ts';

const data = { JsonData: { apiUrl: 'http://api:4000' }, SecureJsonData: { token: 'a$1b' } };

test.each([
  ['{{ .JsonData.apiUrl }}/v1', 'http://api:4000/v1'],
  ['{{.JsonData.apiUrl}}/v1', 'http://api:4000/v1'],
  ['{{- .JsonData.apiUrl -}}', 'http://api:4000'],
  ['Bearer {{ .SecureJsonData.token }}', 'Bearer a$1b'],
  ['{{ .JsonData.missing }}', '<no value>'],
  ['{{ orEmpty .JsonData.missing }}', ''],
  ['Bearer {{ .SecureJsonData.missing }}', 'Bearer '],
  ['plain', 'plain'],
])('%s → %s', (template, rendered) => {
  expect(renderTemplate(template, data)).toBe(rendered);
});

test.each(['{{ range .JsonData }}', '{{ .Other.x }}', '{{ printf "%s" .JsonData.apiUrl }}', '{{ .JsonData }}'])(
  '%s is an error, not text',
  (template) => {
    expect(() => renderTemplate(template, data)).toThrow(/not supported/);
  },
);
