// The part of Inter that Grafana's stylesheet does not reach: under its names lie the Latin letters only, and a page with other letters
// (names, mostly) fetches the whole font for them.
import { trusted, type Markup } from './html.ts';

const FACES = [
  { weight: 400, file: 'Inter-Regular' },
  { weight: 500, file: 'Inter-Medium' },
];

/** Latin first, so that the later, narrower face is asked only for what is outside Latin-1. */
const face = ({ weight, file }: { weight: number; file: string }): string =>
  `@font-face { font-family: Inter; font-style: normal; font-weight: ${weight}; font-display: swap; src: url(/public/fonts/inter/full/${file}.woff2) format('woff2'); unicode-range: U+0100-1FFF, U+2C60-2C7F, U+A640-A7FF; }`;

export const OTHER_LETTERS: Markup = trusted(FACES.map(face).join('\n'));

export const LATIN_LETTERS: Markup = trusted(
  FACES.map(
    ({ weight, file }) =>
      `@font-face { font-family: Inter; font-style: normal; font-weight: ${weight}; font-display: swap; src: url(/public/fonts/inter/${file}.woff2) format('woff2'); }`,
  ).join('\n'),
);
