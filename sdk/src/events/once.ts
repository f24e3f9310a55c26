// What is sent at most once in a while, such as a route per user and minute. Bounded: when it is full it starts over, and
// what is sent again has the same message id, so that it counts once all the same.

export interface Once {
  /** Whether `name` is met for the first time in this period. Periods are numbered, and only the present one is kept. */
  isFirst(period: number, name: string): boolean;
}

export function createOnce(most: number): Once {
  let current = -1;
  let seen = new Set<string>();
  return {
    isFirst(period, name) {
      if (period !== current) {
        current = period;
        seen = new Set();
      }
      if (seen.has(name)) {
        return false;
      }
      if (seen.size >= most) {
        seen = new Set();
      }
      seen.add(name);
      return true;
    },
  };
}
