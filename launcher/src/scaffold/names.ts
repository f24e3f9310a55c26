// One noun in the forms that the different places want.
import { Problem } from '../problem.ts';

export interface Names {
  /** `api-keys`: file names, URLs, permissions. */
  readonly noun: string;
  /** `apiKeys`: TypeScript values. */
  readonly camel: string;
  /** `ApiKeys`: components, alerts. */
  readonly pascal: string;
  /** `api_keys`: SQL, metrics. */
  readonly snake: string;
  /** `Api keys`: headings. */
  readonly title: string;
}

const words = (noun: string): string[] => noun.split('-');
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** @throws Problem for anything but lower-case words joined by hyphens */
export function namesOf(noun: string): Names {
  if (!/^[a-z]{2,20}(-[a-z]{2,20}){0,2}$/.test(noun)) {
    throw new Problem(`"${noun}" cannot be a capability: it is a plural noun in lower case, words joined by hyphens, such as refunds or api-keys.`);
  }
  const pascal = words(noun).map(capital).join('');
  return { noun, pascal, camel: pascal.charAt(0).toLowerCase() + pascal.slice(1), snake: words(noun).join('_'), title: capital(words(noun).join(' ')) };
}
