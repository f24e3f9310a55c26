// The shapes of countries, projected once. Borders are Natural Earth's at 1:110,000,000 (public domain, by world-atlas);
// countries too small for that scale are dots. Populations are Natural Earth's estimates of 2019 (POP_EST, public domain).
import { geoEqualEarth, geoGraticule10, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import world from 'world-atlas/countries-110m.json';
import data from './country-data.json';

export const MAP = { width: 960, height: 440 } as const;
export const POPULATION_YEAR = 2019;

interface Entry {
  /** ISO 3166-1 numeric, as world-atlas has it. */
  readonly id?: string;
  readonly name?: string;
  readonly population?: number;
  /** Longitude and latitude of the middle, where there is no shape. */
  readonly at?: readonly number[];
}

export interface Shape {
  readonly code: string;
  readonly path?: string;
  readonly dot?: readonly [number, number];
}

const COUNTRIES: Readonly<Record<string, Entry>> = data;
const NAMES = new Intl.DisplayNames(['en'], { type: 'region' });
const WORDS: Readonly<Record<string, string>> = { unknown: 'Unknown', hosting: 'Data centres and VPNs', other: 'Other countries' };

export const isCountry = (code: string): boolean => /^[A-Z]{2}$/.test(code);
export const countryName = (code: string): string => WORDS[code] ?? (isCountry(code) ? (NAMES.of(code) ?? code) : code);
export const populationOf = (code: string): number | undefined => COUNTRIES[code]?.population;

let drawn: { readonly shapes: readonly Shape[]; readonly graticule: string } | undefined;

/** All countries, and the lines of latitude and longitude behind them. */
export function drawWorld(): NonNullable<typeof drawn> {
  if (drawn) {
    return drawn;
  }
  const topology = world as unknown as Topology<{ countries: GeometryCollection<{ name: string }> }>;
  const all = feature(topology, topology.objects.countries);
  // Nobody signs up from Antarctica often enough to give it a sixth of the height.
  const land = { ...all, features: all.features.filter(({ id }) => id !== '010') };
  const projection = geoEqualEarth().fitSize([MAP.width, MAP.height], land);
  const path = geoPath(projection).digits(1);
  const codes = new Map(Object.entries(COUNTRIES).map(([code, { id, name }]) => [id ?? name, code]));
  const shapes = land.features.flatMap(({ id, properties, ...shape }): Shape[] => {
    const code = codes.get(id === undefined ? properties.name : String(id)) ?? '';
    return [{ code, path: path({ ...shape, properties }) ?? '' }];
  });
  const dots = Object.entries(COUNTRIES).flatMap(([code, { at }]): Shape[] => {
    const point = at ? projection([at[0] ?? 0, at[1] ?? 0]) : null;
    return point ? [{ code, dot: point }] : [];
  });
  drawn = { shapes: [...shapes, ...dots], graticule: path(geoGraticule10()) ?? '' };
  return drawn;
}
