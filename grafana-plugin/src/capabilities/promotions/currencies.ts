// Currencies as choices of a field.
import { CURRENCIES } from '@admin-center/contracts/subscriptions';

export const CURRENCY_CODES = CURRENCIES.filter((code) => code !== 'other');
export const CURRENCY_CHOICES = CURRENCY_CODES.map((code) => ({ value: code as string, label: code as string }));
export const FIRST_CURRENCY: string = CURRENCY_CODES[0] ?? 'USD';
