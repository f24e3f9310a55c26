// An error a person can act on: its message says what is wrong and what to do, so it is shown without a stack trace.

export class Problem extends Error {
  override readonly name = 'Problem';
}

/** What to print about an error that ends a command. */
export function explain(error: unknown): string {
  if (error instanceof Problem) {
    return error.message;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
