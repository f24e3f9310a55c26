// The variables of pages and dashboards, as plain data; both are built from these lists.
import { TIERS } from '@admin-center/contracts/capability';
import { COUNTRIES, NO_COUNTRY } from '@admin-center/contracts/distribution-places';
import { CURRENCIES } from '@admin-center/contracts/subscriptions';

export interface Choice {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** Text → value; the first is the default. */
  readonly options: ReadonlyArray<readonly [string, string]>;
}

const title = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const tiers = TIERS.map((tier) => [title(tier), tier] as const);

/** For metrics that serve a series for all tiers together. */
export const tier: Choice = { name: 'tier', label: 'Tier', description: 'The tier users are entitled to.', options: [['All', 'all'], ...tiers] };

/** For metrics whose tiers have to be added up: use it as a regular expression. */
export const tierPattern: Choice = { ...tier, options: [['All', TIERS.join('|')], ...tiers] };

/** Amounts of different currencies are never added up. */
export const currency: Choice = {
  name: 'currency',
  label: 'Currency',
  description: 'Amounts of different currencies are never added up.',
  options: CURRENCIES.map((code) => [code === 'other' ? 'Other' : code, code] as const),
};

/** For metrics by country: use it as a regular expression. The map sets it. */
export const country: Choice = {
  name: 'country',
  label: 'Country',
  description: 'ISO 3166-1; a click on the map chooses one.',
  options: [['All', '.*'], ...NO_COUNTRY.map((value) => [title(value), value] as const), ...COUNTRIES.map((code) => [code, code] as const)],
};

/** Custom variables take their options as `text : value, text : value`. */
export const variableQuery = (choice: Choice): string => choice.options.map(([text, value]) => `${text} : ${value}`).join(', ');
