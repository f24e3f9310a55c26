// Endpoints of the promotions capability for admins.
import { promotions } from '@admin-center/contracts/promotions';
import { type Route, route } from '../../platform/route.ts';
import type { Services } from '../../platform/services.ts';
import { readAnalytics } from './analytics.ts';
import { campaignRoutes } from './campaign-routes.ts';
import { codeRoutes } from './code-routes.ts';
import { couponRoutes } from './coupon-routes.ts';
import { previewPrice } from './price-preview.ts';
import { listRedemptions } from './redemptions.ts';
import { referralRoutes } from './referral-routes.ts';
import { atOneInstant } from './snapshot.ts';

const { endpoints } = promotions;

export const promotionsRoutes = (services: Services): Route[] => [
  ...couponRoutes(services),
  ...codeRoutes(services),
  ...campaignRoutes(services),
  ...referralRoutes(services),
  route(endpoints.campaignAnalytics, ({ params }) => atOneInstant(services.database, (tx) => readAnalytics(tx, params.campaignId, services.clock()))),
  route(endpoints.listRedemptions, ({ query }) => listRedemptions(services.database, query)),
  route(endpoints.pricePreview, ({ query }) => atOneInstant(services.database, (tx) => previewPrice(tx, query.userId, query.code, services.clock()))),
];
