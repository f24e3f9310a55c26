// What a schema says is wrong with a field, as a person would. zod's own words ("Too small: expected string to have >=1
// characters") are for programmers; a message that the schema itself gives wins over these.
import type { z } from 'zod';
import { formatCount } from './format.ts';

/** For `schema.safeParse(value, { error: complaint })`. */
export const complaint: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'invalid_type':
      return wrongType(issue);
    case 'invalid_format':
      return issue.format === 'datetime' ? 'Enter a date and a time.' : issue.format === 'date' ? 'Enter a date.' : 'This does not have the right form.';
    case 'invalid_value':
      return 'Choose one of the options.';
    default:
      return undefined;
  }
};

const MISSING = 'Fill this in.';

function tooSmall({ origin, minimum, inclusive }: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall>): string {
  if (origin === 'string') {
    return minimum === 1 ? MISSING : `At least ${formatCount(Number(minimum))} characters.`;
  }
  if (origin === 'array') {
    return minimum === 1 ? 'Choose at least one.' : `At least ${formatCount(Number(minimum))}.`;
  }
  return inclusive === false ? `More than ${formatCount(Number(minimum))}.` : `At least ${formatCount(Number(minimum))}.`;
}

function tooBig({ origin, maximum, inclusive }: z.core.$ZodRawIssue<z.core.$ZodIssueTooBig>): string {
  if (origin === 'string') {
    return `At most ${formatCount(Number(maximum))} characters.`;
  }
  return inclusive === false ? `Less than ${formatCount(Number(maximum))}.` : `At most ${formatCount(Number(maximum))}.`;
}

function wrongType({ expected, input }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType>): string {
  if (input === null || input === undefined) {
    return MISSING;
  }
  return expected === 'int' ? 'Enter a whole number.' : expected === 'number' ? 'Enter a number.' : 'This does not have the right form.';
}
