// What the form of the referral programme holds, and what it sends.
import { promotions, type ReferralProgramme } from '@admin-center/contracts/promotions';
import { numberOrNull } from '../../platform/form-values.ts';
import { fromMinor, toMinor } from './words.ts';

export const programmeSchema = promotions.endpoints.setReferralProgramme.body;

export interface ProgrammeValues {
  readonly enabled: boolean;
  readonly windowDays: string;
  readonly amountMinor: string;
  readonly currency: string;
  readonly refereeCouponId: string;
  readonly holdDays: string;
  readonly clawbackDays: string;
  readonly maxRewardsPerReferrer: string;
  readonly reason: string;
}

export const programmeValues = (programme: ReferralProgramme): ProgrammeValues => ({
  enabled: programme.enabled,
  windowDays: String(programme.windowDays),
  amountMinor: fromMinor(programme.reward.amountMinor, programme.reward.currency),
  currency: programme.reward.currency,
  refereeCouponId: programme.refereeCouponId ?? '',
  holdDays: String(programme.holdDays),
  clawbackDays: String(programme.clawbackDays),
  maxRewardsPerReferrer: programme.maxRewardsPerReferrer?.toString() ?? '',
  reason: '',
});

export const programmeInput =
  (version: number) =>
  (values: ProgrammeValues): unknown => ({
    enabled: values.enabled,
    windowDays: numberOrNull(values.windowDays),
    reward: { amountMinor: toMinor(values.amountMinor, values.currency), currency: values.currency },
    refereeCouponId: values.refereeCouponId || null,
    holdDays: numberOrNull(values.holdDays),
    clawbackDays: numberOrNull(values.clawbackDays),
    maxRewardsPerReferrer: numberOrNull(values.maxRewardsPerReferrer),
    reason: values.reason,
    version,
  });
