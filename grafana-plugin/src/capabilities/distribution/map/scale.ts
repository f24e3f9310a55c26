// From a number of users to one of a few shades, on a logarithmic scale: a linear one would show one dark country.
import { populationOf } from './geography.ts';

export const SHADES = 6;

export interface CountryValue {
  readonly code: string;
  readonly users: number;
}

export interface Scale {
  /** 1 to SHADES; 0 for nobody. */
  readonly shadeOf: (value: number) => number;
  /** Lower bound of each shade. */
  readonly bounds: readonly number[];
}

/** Users per million inhabitants; undefined where the population is not known. */
export const perMillion = ({ code, users }: CountryValue): number | undefined => {
  const population = populationOf(code);
  return population === undefined ? undefined : (users / population) * 1e6;
};

export function logScale(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) {
    return { shadeOf: () => 0, bounds: [] };
  }
  const [low, high] = [Math.log(Math.min(...positive)), Math.log(Math.max(...positive))];
  const width = (high - low) / SHADES || 1;
  return {
    shadeOf: (value) => (value > 0 ? Math.min(SHADES, Math.max(1, Math.floor((Math.log(value) - low) / width + 1e-9) + 1)) : 0),
    bounds: high === low ? [Math.exp(low)] : Array.from({ length: SHADES }, (_, shade) => Math.exp(low + shade * width)),
  };
}

/** Of the fill; the lightest still stands out from the land of nobody. */
export const opacityOf = (shade: number): number => 0.25 + (0.75 * (shade - 1)) / (SHADES - 1);
