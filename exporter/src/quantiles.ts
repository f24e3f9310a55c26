// Exact quantiles of whole numbers that come and go: a Fenwick tree of counts, so that one pass over months of sessions
// can ask for the median at every hour.
export interface Quantiles {
  readonly count: number;
  /** @param value whole number from 0 to the largest; @param times negative to take it out again */
  add(value: number, times: number): void;
  /** How many do not exceed a value. */
  upTo(value: number): number;
  /** The smallest value that at least this share of all values does not exceed (percentile_disc); null when there are none. */
  quantile(share: number): number | null;
}

export function createQuantiles(largest: number): Quantiles {
  const size = largest + 1;
  const tree = new Int32Array(size + 1);
  const top = 2 ** Math.floor(Math.log2(size));
  let count = 0;

  return {
    get count() {
      return count;
    },
    add: (value, times) => {
      if (!Number.isInteger(value) || value < 0 || value > largest) {
        throw new RangeError(`${value} is not a whole number from 0 to ${largest}`);
      }
      count += times;
      for (let index = value + 1; index <= size; index += index & -index) {
        tree[index] = (tree[index] as number) + times;
      }
    },
    upTo: (value) => {
      let found = 0;
      for (let index = Math.min(value + 1, size); index > 0; index -= index & -index) {
        found += tree[index] as number;
      }
      return found;
    },
    quantile: (share) => {
      if (count <= 0) {
        return null;
      }
      let rest = Math.max(1, Math.ceil(share * count));
      let index = 0;
      for (let width = top; width > 0; width >>= 1) {
        const next = index + width;
        if (next <= size && (tree[next] as number) < rest) {
          index = next;
          rest -= tree[next] as number;
        }
      }
      return index;
    },
  };
}
