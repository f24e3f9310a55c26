// What the campaign form holds, and what it sends: everything for a new campaign, only the changes for one that exists.
import { promotions, type Campaign, type WEEKDAYS } from '@admin-center/contracts/promotions';
import { changesOf, instantOrNull, localOf, numberOrNull } from '../../platform/form-values.ts';
import { FIRST_CURRENCY } from './currencies.ts';
import { fromMinor, toMinor } from './words.ts';

export const createCampaignSchema = promotions.endpoints.createCampaign.body;
export const updateCampaignSchema = promotions.endpoints.updateCampaign.body;

export type Weekday = (typeof WEEKDAYS)[number];
export interface OpeningValues {
  readonly days: readonly Weekday[];
  readonly from: string;
  readonly to: string;
}
export interface BudgetValues {
  readonly currency: string;
  readonly limit: string;
}
export interface CampaignValues {
  readonly key: string;
  readonly name: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly zone: string;
  readonly openings: readonly OpeningValues[];
  readonly budgets: readonly BudgetValues[];
  readonly reportingCurrency: string;
  readonly marginShare: string;
  readonly holdoutShare: string;
  readonly reason: string;
}

const percent = (share: number): string => String(Math.round(share * 10_000) / 100);
const share = (text: string): number | null => {
  const value = numberOrNull(text);
  return value === null ? null : Math.round(value * 100) / 10_000;
};

/** @param now ISO instant a new campaign starts at until somebody says otherwise */
export const campaignValues = (now: string, campaign?: Campaign): CampaignValues => ({
  key: campaign?.key ?? '',
  name: campaign?.name ?? '',
  startsAt: localOf(campaign?.startsAt ?? now),
  endsAt: localOf(campaign?.endsAt ?? null),
  zone: campaign?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  openings: campaign?.openings ?? [],
  budgets: campaign?.budgets.map(({ currency, limitMinor }) => ({ currency, limit: fromMinor(limitMinor, currency) })) ?? [],
  reportingCurrency: campaign?.reportingCurrency ?? FIRST_CURRENCY,
  marginShare: percent(campaign?.marginShare ?? 1),
  holdoutShare: percent(campaign?.holdoutShare ?? 0.1),
  reason: '',
});

const fields = (values: CampaignValues) => ({
  name: values.name.trim(),
  startsAt: instantOrNull(values.startsAt),
  endsAt: instantOrNull(values.endsAt),
  zone: values.zone.trim(),
  openings: values.openings.map(({ days, from, to }) => ({ days, from, to: to === '00:00' ? '24:00' : to })),
  budgets: values.budgets.map(({ currency, limit }) => ({ currency, limitMinor: toMinor(limit, currency) })),
  reportingCurrency: values.reportingCurrency,
  marginShare: share(values.marginShare),
  holdoutShare: share(values.holdoutShare),
});

export const newCampaign = (values: CampaignValues): unknown => ({ key: values.key.trim(), ...fields(values), reason: values.reason });

export const campaignChanges =
  (campaign: Campaign) =>
  (values: CampaignValues): unknown => ({ ...changesOf<object>(fields(campaignValues(campaign.startsAt, campaign)), fields(values)), reason: values.reason, version: campaign.version });
