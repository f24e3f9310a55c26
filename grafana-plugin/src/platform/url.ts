// Reading choices out of a URL and writing them into it.
/** The value when it is one of the allowed, else the fallback: an old or mistyped link still opens the page. */
export const oneOf = <T extends string, F>(value: string | null, allowed: readonly T[], fallback: F): T | F => allowed.find((each) => each === value) ?? fallback;

/** For `locationService.partial`: a parameter that is empty goes. */
export const emptyTakesOut = (patch: Readonly<Record<string, string>>): Record<string, string | null> => Object.fromEntries(Object.entries(patch).map(([name, value]) => [name, value || null]));
