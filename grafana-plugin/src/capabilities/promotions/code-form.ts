// What the forms for one code and for a batch of codes hold, and what they send.
import { promotions } from '@admin-center/contracts/promotions';
import { numberOrNull } from '../../platform/form-values.ts';
import { NO_RESTRICTIONS, restrictionInput, type RestrictionValues } from './restrictions.ts';

export const createCodeSchema = promotions.endpoints.createCode.body;
export const createBatchSchema = promotions.endpoints.createBatch.body;

interface OwnerValues extends RestrictionValues {
  readonly couponId: string;
  readonly campaignId: string;
  readonly reason: string;
}
export interface CodeValues extends OwnerValues {
  readonly code: string;
  readonly userId: string;
}
export interface BatchValues extends OwnerValues {
  readonly count: string;
  readonly prefix: string;
  readonly length: string;
}

const noOwner = { ...NO_RESTRICTIONS, couponId: '', campaignId: '', reason: '' };
export const NEW_CODE: CodeValues = { ...noOwner, code: '', userId: '' };
export const NEW_BATCH: BatchValues = { ...noOwner, maxRedemptions: '1', count: '100', prefix: '', length: '10' };

const owner = ({ couponId, campaignId, reason, ...restrictions }: OwnerValues) => ({ couponId, campaignId: campaignId || null, reason, ...restrictionInput(restrictions) });

export const codeInput = ({ code, userId, ...values }: CodeValues): unknown => ({ ...owner(values), code, userId: userId || null });
export const batchInput = ({ count, prefix, length, ...values }: BatchValues): unknown => ({ ...owner(values), count: numberOrNull(count), prefix: prefix.trim(), length: numberOrNull(length) });
