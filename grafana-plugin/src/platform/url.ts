// Reading choices out of a URL.
/** The value when it is one of the allowed, else the fallback: an old or mistyped link still opens the page. */
export const oneOf = <T extends string, F>(value: string | null, allowed: readonly T[], fallback: F): T | F => allowed.find((each) => each === value) ?? fallback;
