// What a schema says about a field, in the words of a person.
import { z } from 'zod';
import { complaint } from './complaints.ts';

const said = (schema: z.ZodType, value: unknown): string | undefined => schema.safeParse(value, { error: complaint }).error?.issues[0]?.message;

test.each<[string, z.ZodType, unknown, string]>([
  ['an empty text', z.string().trim().min(1), ' ', 'Fill this in.'],
  ['a short text', z.string().min(3), 'ab', 'At least 3 characters.'],
  ['a long text', z.string().max(2), 'abc', 'At most 2 characters.'],
  ['an empty field of a number', z.number(), null, 'Fill this in.'],
  ['what is no number', z.number(), Number.NaN, 'Enter a number.'],
  ['a fraction', z.number().int(), 1.5, 'Enter a whole number.'],
  ['too little', z.number().min(1), 0, 'At least 1.'],
  ['nothing where more is asked for', z.number().positive(), 0, 'More than 0.'],
  ['too much', z.number().max(100_000), 100_001, 'At most 100,000.'],
  ['an empty choice', z.array(z.string()).min(1), [], 'Choose at least one.'],
  ['half a date', z.iso.datetime(), '2026-', 'Enter a date and a time.'],
  ['none of the options', z.enum(['a', 'b']), 'c', 'Choose one of the options.'],
  ["the schema's own words", z.string().min(10, 'Say why.'), '', 'Say why.'],
])('%s', (_, schema, value, words) => {
  expect(said(schema, value)).toBe(words);
});
