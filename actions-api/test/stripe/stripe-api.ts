// An API with a fake Stripe behind it, and what a worker does for Stripe, one step or all that is due.
import { metrics } from '@opentelemetry/api';
import type { Stripe } from 'stripe';
import type { Coupon, PromotionCode } from '@admin-center/contracts/promotions';
import { createLogger } from '@admin-center/platform/log';
import { applyNext } from '../../src/capabilities/promotions/stripe/apply.ts';
import type { ApplyParts } from '../../src/capabilities/promotions/stripe/apply-parts.ts';
import { createStripe } from '../../src/capabilities/promotions/stripe/client.ts';
import { pushNext } from '../../src/capabilities/promotions/stripe/push.ts';
import { actionDuration } from '../../src/platform/action-duration.ts';
import { createRecorder } from '../../src/platform/audited.ts';
import { startTestApi } from '../api.ts';
import { ok, promotionsOf } from '../promotions.ts';
import { startFakeStripe, STRIPE_KEY } from './fake.ts';
import { WEBHOOK_SECRET } from './webhooks.ts';

const HOUR_MS = 3_600_000;

export async function startStripeApi() {
  const fake = await startFakeStripe();
  const env = { STRIPE_SECRET_KEY: STRIPE_KEY, STRIPE_API_BASE: fake.url, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET };
  const api = await startTestApi({ env });
  await api.db.make.admin({ email: 'fin@acme.example', role: 'finance_admin' });
  const admin = api.as({ email: 'fin@acme.example' });
  // A tick ahead of the database, whose triggers set the times, and more after each `later`.
  let ahead = 1_000;
  const parts: ApplyParts = {
    database: api.database,
    recorder: createRecorder(api.database, actionDuration(metrics.getMeter('test'))),
    stripe: createStripe(api.config) as Stripe,
    clock: () => new Date(Date.now() + ahead),
    log: createLogger('test', 'silent'),
    confirm: async () => undefined,
  };
  return {
    api, fake, admin, parts,
    promotions: promotionsOf(admin),
    coupon: async (id: string) => ok<Coupon>(await admin.get(`/api/v1/promotions/coupons/${id}`)),
    code: async (id: string) => ok<PromotionCode>(await admin.get(`/api/v1/promotions/codes/${id}`)),
    rows: async <Row>(text: string, values: unknown[] = []) => (await api.db.pool.query(text, values)).rows as Row[],
    /** Lets an hour pass for the worker, so that what was postponed is due. */
    later() {
      ahead += HOUR_MS;
    },
    async push() {
      while (await pushNext(parts)) {
        // The next one.
      }
    },
    async apply() {
      while (await applyNext(parts)) {
        // The next one.
      }
    },
    async close() {
      await api.close();
      await fake.close();
    },
  };
}
export type StripeApi = Awaited<ReturnType<typeof startStripeApi>>;
