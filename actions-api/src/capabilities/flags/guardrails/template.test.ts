// What a guardrail's query becomes for a flag and a variant, whatever their names are.
import { describe, expect, test } from '@jest/globals';
import { fillIn, TemplateError } from './template.ts';

const subject = { flag: 'new-tunnel-engine', variant: 'on' };

test.each([
  ['rate(errors{flag="{{flag}}",variant="{{ variant }}"}[1m])', 'rate(errors{flag="new-tunnel-engine",variant="on"}[1m])'],
  ['errors{flag={{flag}}}', 'errors{flag="new-tunnel-engine"}'],
  ["errors{flag='{{flag}}'} and up{job=`{{variant}}`}", "errors{flag='new-tunnel-engine'} and up{job=`on`}"],
  ['up # {{nobody}} reads "this\n + errors{flag="{{flag}}"}', 'up # {{nobody}} reads "this\n + errors{flag="new-tunnel-engine"}'],
  [String.raw`label_replace(up, "a", "\"{{flag}}", "", "")`, String.raw`label_replace(up, "a", "\"new-tunnel-engine", "", "")`],
])('%s', (template, query) => {
  expect(fillIn(template, subject)).toBe(query);
});

describe('a name that tries to leave its string', () => {
  const hostile = { flag: 'a"} or vector(0) or b{c="', variant: "\\'`\n" };

  test.each([
    ['x{flag="{{flag}}"}', String.raw`x{flag="a\"} or vector(0) or b{c=\""}`],
    ['x{flag={{flag}}}', String.raw`x{flag="a\"} or vector(0) or b{c=\""}`],
    ["x{flag='{{flag}}'}", String.raw`x{flag='a"} or vector(0) or b{c="'}`],
    ["x{v='{{variant}}'}", "x{v='\\\\\\'`\\n'}"],
    ['x{flag=~"{{flag}}.*"}', String.raw`x{flag=~"a\"\\} or vector\\(0\\) or b\\{c=\".*"}`],
  ])('%s', (template, query) => {
    expect(fillIn(template, hostile)).toBe(query);
  });

  test('is refused between backticks, where nothing can be escaped', () => {
    expect(() => fillIn('x{v=`{{variant}}`}', hostile)).toThrow(TemplateError);
  });
});

test('dots in a name match only themselves in a regular expression', () => {
  expect(fillIn('x{flag!~"{{flag}}|other", v=~{{variant}}}', { flag: 'a.b', variant: 'c.d' })).toBe(String.raw`x{flag!~"a\\.b|other", v=~"c\\.d"}`);
});

test('a placeholder that does not exist is named', () => {
  expect(() => fillIn('x{user="{{user}}"}', subject)).toThrow('There is no {{user}}. A guardrail knows {{flag}} and {{variant}}.');
});
