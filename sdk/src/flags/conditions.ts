// Whether a context fits a segment. A missing attribute fits nothing but `not_in` and `not_exists`.
import type { FlagCondition, FlagContext, FlagOperator } from './types.ts';

type Scalar = string | number | boolean;

/** An attribute that is a list fits when one of its elements does; for `not_in` none may. */
export function fits({ attribute, operator, values }: FlagCondition, context: FlagContext): boolean {
  const given = Object.hasOwn(context, attribute) ? context[attribute] : undefined;
  const elements = (Array.isArray(given) ? given : [given]).filter(isScalar);
  if (operator === 'exists' || operator === 'not_exists') {
    return (elements.length > 0) === (operator === 'exists');
  }
  if (operator === 'not_in') {
    return !elements.some((element) => values.some((value) => same(element, value)));
  }
  return elements.some((element) => compare(operator, element, values));
}

const isScalar = (value: unknown): value is Scalar => ['string', 'number', 'boolean'].includes(typeof value);
/** Hosts send numbers as text and the other way round. */
const same = (a: Scalar, b: Scalar): boolean => String(a) === String(b);

function compare(operator: Exclude<FlagOperator, 'exists' | 'not_exists' | 'not_in'>, given: Scalar, values: readonly Scalar[]): boolean {
  const [bound] = values;
  if (bound === undefined) {
    return false;
  }
  switch (operator) {
    case 'in': return values.some((value) => same(given, value));
    case 'contains': return values.some((value) => String(given).includes(String(value)));
    case 'starts_with': return values.some((value) => String(given).startsWith(String(value)));
    case 'ends_with': return values.some((value) => String(given).endsWith(String(value)));
    // A comparison with something that is no number, version or instant holds in neither direction.
    case 'less_than': return numberOf(given) < numberOf(bound);
    case 'at_most': return numberOf(given) <= numberOf(bound);
    case 'greater_than': return numberOf(given) > numberOf(bound);
    case 'at_least': return numberOf(given) >= numberOf(bound);
    case 'before': return instantOf(given) < instantOf(bound);
    case 'after': return instantOf(given) > instantOf(bound);
    case 'version_below': return compareVersions(given, bound) < 0;
    case 'version_at_least': return compareVersions(given, bound) >= 0;
  }
}

const numberOf = (value: Scalar): number => (typeof value === 'boolean' || (typeof value === 'string' && value.trim() === '') ? Number.NaN : Number(value));
/** Numbers are milliseconds since 1970. */
const instantOf = (value: Scalar): number => (typeof value === 'number' ? value : Date.parse(String(value)));

const VERSION = /^v?(\d+(?:\.\d+)*)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/;

/** By the precedence of Semantic Versioning, with any number of parts; NaN where one of them is no version. */
export function compareVersions(left: Scalar, right: Scalar): number {
  const a = VERSION.exec(String(left));
  const b = VERSION.exec(String(right));
  if (a === null || b === null) {
    return Number.NaN;
  }
  const [numbersA, numbersB] = [String(a[1]).split('.').map(Number), String(b[1]).split('.').map(Number)];
  for (let part = 0; part < Math.max(numbersA.length, numbersB.length); part += 1) {
    const difference = (numbersA[part] ?? 0) - (numbersB[part] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return comparePreReleases(a[2]?.split('.') ?? [], b[2]?.split('.') ?? []);
}

/** Without one is later than with one; numbers come before words; of equal beginnings the shorter is earlier. */
function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) {
    return (a.length === 0 ? 1 : 0) - (b.length === 0 ? 1 : 0);
  }
  for (let part = 0; part < Math.min(a.length, b.length); part += 1) {
    const [left, right] = [a[part] as string, b[part] as string];
    if (left !== right) {
      const [numberLeft, numberRight] = [/^\d+$/.test(left), /^\d+$/.test(right)];
      return numberLeft && numberRight ? Number(left) - Number(right) : numberLeft !== numberRight ? (numberLeft ? -1 : 1) : left < right ? -1 : 1;
    }
  }
  return a.length - b.length;
}
