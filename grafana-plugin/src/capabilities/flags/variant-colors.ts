// Each variant of a flag has one colour on bars and previews. What is served when the flag is off is grey.
import type { GrafanaTheme2 } from '@grafana/data';
import type { FlagDefinition } from '@admin-center/contracts/flags-definition';

const PALETTE = ['green', 'purple', 'blue', 'orange', 'yellow', 'light-blue', 'semi-dark-red', 'light-green', 'dark-purple', 'light-orange'] as const;
const GREY = 'grey';

export function variantColors({ variants, offVariant }: Pick<FlagDefinition, 'variants' | 'offVariant'>): Readonly<Record<string, string>> {
  const others = variants.filter(({ key }) => key !== offVariant);
  const palette = (index: number) => PALETTE[index % PALETTE.length] ?? GREY;
  return Object.fromEntries(variants.map(({ key }) => [key, key === offVariant ? GREY : palette(others.findIndex((other) => other.key === key))]));
}

/** Grafana's palette has no grey that means "nothing". */
export const paint = (theme: GrafanaTheme2, color: string): string => (color === GREY ? theme.colors.text.disabled : theme.visualization.getColorByName(color));
