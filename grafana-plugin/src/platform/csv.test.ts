// CSV files that a spreadsheet opens without running anything.
import { csvName, toCsv } from './csv.ts';

test('every cell is quoted, quotes are doubled, lines end as RFC 4180 has it', () => {
  expect(toCsv(['day', 'users'], [['2026-11-01', 12], ['say "hi", all', null], [undefined, true]])).toBe('"day","users"\r\n"2026-11-01","12"\r\n"say ""hi"", all",""\r\n"","true"\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('%j is text, not a formula', (cell) => {
  expect(toCsv(['=cmd'], [[cell]])).toBe(`"'=cmd"\r\n"'${cell}"\r\n`);
});

test('a negative number stays a number', () => {
  expect(toCsv(['change'], [[-3.5]])).toBe('"change"\r\n"-3.5"\r\n');
});

test('the name of a file says what and when', () => {
  expect(csvName('Retention (bounded), by week', new Date('2026-11-28T20:00:00Z'))).toBe('retention-bounded-by-week-2026-11-28.csv');
});
