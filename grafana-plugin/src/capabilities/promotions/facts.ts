// What the dry run of a promotion tells beyond users and money: codes, and the most it can cost.
import type { PromotionPreview } from '@admin-center/contracts/promotions';
import { formatMoney, plural } from '../../platform/format.ts';

export const promotionFacts = ({ codes, worstCase }: PromotionPreview): ReadonlyArray<readonly [string, string]> => [
  ['Codes', plural(codes, 'code')],
  ...worstCase.map(
    ({ currency, discountMinor, budgetMinor }) =>
      [`Can still cost, ${currency}`, `${discountMinor === null ? 'nothing bounds it' : formatMoney(discountMinor, currency)}${budgetMinor === null ? ', no budget' : `, ${formatMoney(budgetMinor, currency)} of budget left`}`] as const
  ),
];
