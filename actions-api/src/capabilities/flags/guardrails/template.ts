// Puts the flag and the variant into a guardrail's PromQL. What is put in can never end the string it stands in: it is
// escaped for the kind of quotes around it, and for a regular expression where the matcher is one.

export interface Subject {
  readonly flag: string;
  readonly variant: string;
}

/** The sentence is for the person who wrote the query. */
export class TemplateError extends Error {}

type Quote = '"' | "'" | '`';
const PLACEHOLDER = /^\{\{\s*([^{}]*?)\s*\}\}/;
const REGEX_MATCHER = /[=!]~\s*$/;

/** @throws TemplateError for a placeholder that does not exist */
export function fillIn(template: string, subject: Subject): string {
  let filled = '';
  let quote: Quote | null = null;
  let isRegex = false;
  for (let at = 0; at < template.length; ) {
    const rest = template.slice(at);
    const placeholder = PLACEHOLDER.exec(rest);
    if (placeholder !== null) {
      const value = valueOf(placeholder[1] as string, subject);
      // Outside of quotes a whole literal is meant.
      filled += quote === null ? `"${escape(matched(value, REGEX_MATCHER.test(filled)), '"')}"` : escape(matched(value, isRegex), quote);
      at += placeholder[0].length;
      continue;
    }
    const [taken, next] = step(rest, quote);
    if (quote === null && next !== null) {
      isRegex = REGEX_MATCHER.test(filled);
    }
    filled += taken;
    quote = next;
    at += taken.length;
  }
  return filled;
}

/** @returns what to copy as it is, and the quotes that hold after it */
function step(rest: string, quote: Quote | null): readonly [taken: string, next: Quote | null] {
  const [first] = rest as unknown as [string];
  if (quote === null) {
    if (first === '#') {
      const end = rest.indexOf('\n');
      return [end === -1 ? rest : rest.slice(0, end), null];
    }
    return [first, isQuote(first) ? first : null];
  }
  if (first === '\\' && quote !== '`') {
    return [rest.slice(0, 2), quote];
  }
  return [first, first === quote ? null : quote];
}

const isQuote = (text: string): text is Quote => text === '"' || text === "'" || text === '`';

function valueOf(name: string, subject: Subject): string {
  if (name === 'flag' || name === 'variant') {
    return subject[name];
  }
  throw new TemplateError(`There is no {{${name}}}. A guardrail knows {{flag}} and {{variant}}.`);
}

/** In a regular expression the value stands for itself. */
const matched = (value: string, isRegex: boolean): string => (isRegex ? value.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`) : value);

function escape(value: string, quote: Quote): string {
  if (quote !== '`') {
    return value.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n');
  }
  // Between backticks nothing can be escaped.
  if (value.includes('`')) {
    throw new TemplateError('A name with a backtick cannot stand between backticks. Use double quotes in the query.');
  }
  return value;
}
