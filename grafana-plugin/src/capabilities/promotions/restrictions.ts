// What limits a code, as its fields hold it and as a request carries it; one code and a batch of them share it.
import { instantOrNull, numberOrNull } from '../../platform/form-values.ts';
import { FIRST_CURRENCY } from './currencies.ts';
import { toMinor } from './words.ts';

export interface RestrictionValues {
  readonly firstTimeTransaction: boolean;
  /** Amount of the minimum; empty for none. */
  readonly amountMinor: string;
  readonly minimumCurrency: string;
  readonly maxRedemptions: string;
  readonly maxPerUser: string;
  readonly expiresAt: string;
}

export const NO_RESTRICTIONS: RestrictionValues = { firstTimeTransaction: false, amountMinor: '', minimumCurrency: FIRST_CURRENCY, maxRedemptions: '', maxPerUser: '1', expiresAt: '' };

export const restrictionInput = ({ firstTimeTransaction, amountMinor, minimumCurrency, maxRedemptions, maxPerUser, expiresAt }: RestrictionValues) => ({
  firstTimeTransaction,
  minimumAmount: amountMinor.trim() === '' ? null : { amountMinor: toMinor(amountMinor, minimumCurrency), currency: minimumCurrency },
  maxRedemptions: numberOrNull(maxRedemptions),
  maxPerUser: numberOrNull(maxPerUser),
  expiresAt: instantOrNull(expiresAt),
});
