// Endpoints of coupons.
import { randomUUID } from 'node:crypto';
import type { ResponseOf } from '@admin-center/contracts/capability';
import { promotions } from '@admin-center/contracts/promotions';
import { requireSamePreview } from '../../platform/blast-radius.ts';
import type { Work } from '../../platform/audited.ts';
import { conflict } from '../../platform/errors.ts';
import { type Route, route } from '../../platform/route.ts';
import type { Services } from '../../platform/services.ts';
import { readSlo } from '../../platform/slo.ts';
import { type CouponRow, insertCoupon, listCoupons, lockCoupon, readCoupon, setCouponStatus, toCoupon, updateCoupon } from './coupons.ts';
import { readHistory } from './history.ts';
import { previewCoupon } from './preview.ts';
import { pushAgain } from './stripe/queue.ts';
import { stripeOf } from './stripe/state.ts';
import { atOneInstant } from './snapshot.ts';
import { requireSameVersion } from './versions.ts';

const { endpoints } = promotions;
type Done = ResponseOf<typeof endpoints.activateCoupon>;

interface Decision {
  readonly reason: string;
  readonly version: number;
  readonly previewToken: string;
}

export function couponRoutes({ database, recorder, clock, config }: Services): Route[] {
  const withStripe = config.STRIPE_SECRET_KEY !== undefined;
  const decide = (change: 'activate' | 'archive', couponId: string, { reason, version, previewToken }: Decision): Work<CouponRow, void, Done> => ({
    reason,
    read: (tx) => lockCoupon(tx, couponId, clock()),
    async run(tx, before) {
      requireSameVersion(version, before.version, toCoupon(before));
      requireSamePreview(await previewCoupon(tx, change, before, null), previewToken);
      await setCouponStatus(tx, before, change === 'activate' ? 'active' : 'archived', clock());
    },
    keep: ({ before, after }) => ({ before: toCoupon(before), after: toCoupon(after) }),
    respond: ({ after }, auditSequence) => ({
      coupon: toCoupon(after, withStripe), auditSequence,
      message: change === 'activate' ? `${after.name} can be redeemed.` : `${after.name} is archived; its codes do not work any more.`,
    }),
  });

  const preview = async (change: 'activate' | 'archive', couponId: string) => {
    const slo = await readSlo(config);
    return atOneInstant(database, async (tx) => previewCoupon(tx, change, await readCoupon(tx, couponId, clock()), slo));
  };

  return [
    route(endpoints.listCoupons, ({ query }) => listCoupons(database, query, clock(), withStripe)),
    route(endpoints.getCoupon, ({ params: { couponId } }, { actor }) =>
      atOneInstant(database, async (tx) => ({ ...toCoupon(await readCoupon(tx, couponId, clock()), withStripe), history: await readHistory(tx, actor, 'coupon', couponId) })),
    ),
    route(endpoints.createCoupon, ({ body: { reason, ...fields } }, context) => {
      const couponId = randomUUID();
      let made = false;
      return recorder.audited(context, 'promotions.coupon_create', { type: 'coupon', id: couponId }, {
        reason,
        read: async (tx) => (made ? readCoupon(tx, couponId, clock()) : null),
        async run(tx) {
          await insertCoupon(tx, couponId, fields, clock());
          made = true;
        },
        keep: ({ after }) => ({ before: null, after: toCoupon(after as CouponRow) }),
        respond: ({ after }, auditSequence) => ({ coupon: toCoupon(after as CouponRow, withStripe), auditSequence, message: `${fields.name} is a draft; activate it to let it be redeemed.` }),
      });
    }),
    route(endpoints.updateCoupon, ({ params: { couponId }, body: { reason, version, ...fields } }, context) =>
      recorder.audited(context, 'promotions.coupon_update', { type: 'coupon', id: couponId }, {
        reason,
        read: (tx) => lockCoupon(tx, couponId, clock()),
        async run(tx, before) {
          requireSameVersion(version, before.version, toCoupon(before));
          await updateCoupon(tx, before, given(fields), clock());
        },
        keep: ({ before, after }) => ({ before: toCoupon(before), after: toCoupon(after) }),
        respond: ({ after }, auditSequence) => ({ coupon: toCoupon(after, withStripe), auditSequence, message: `${after.name} was changed.` }),
      }),
    ),
    route(endpoints.activateCouponPreview, ({ params }) => preview('activate', params.couponId)),
    route(endpoints.activateCoupon, ({ params: { couponId }, body }, context) =>
      recorder.audited(context, 'promotions.coupon_activate', { type: 'coupon', id: couponId }, decide('activate', couponId, body)),
    ),
    route(endpoints.archiveCouponPreview, ({ params }) => preview('archive', params.couponId)),
    route(endpoints.archiveCoupon, ({ params: { couponId }, body }, context) =>
      recorder.audited(context, 'promotions.coupon_archive', { type: 'coupon', id: couponId }, decide('archive', couponId, body)),
    ),
    route(endpoints.syncCoupon, ({ params: { couponId }, body: { reason } }, context) =>
      recorder.audited(context, 'promotions.coupon_sync', { type: 'coupon', id: couponId }, {
        reason,
        read: (tx) => lockCoupon(tx, couponId, clock()),
        async run(tx, before) {
          if (!withStripe) {
            throw conflict('stripe_off', 'Stripe is not in use. Set STRIPE_SECRET_KEY and start the API again.');
          }
          if (before.status === 'draft') {
            throw conflict('state_conflict', 'A draft is not pushed to Stripe. Activate the coupon.');
          }
          return pushAgain(tx, couponId, clock());
        },
        keep: ({ before, result }) => ({ before: { stripe: stripeOf(before, withStripe) }, after: { objects: result } }),
        respond: ({ after }, auditSequence) => ({ coupon: toCoupon(after, withStripe), auditSequence, message: `${after.name} is pushed to Stripe again.` }),
      }),
    ),
  ];
}

/** Without the fields that were left out, so that they do not overwrite. */
export const given = <T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
