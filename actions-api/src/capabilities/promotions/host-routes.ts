// What the host asks about promotions, with its server key: validate and redeem codes, and what concerns referrals.
import { TIERS } from '@admin-center/contracts/capability';
import { amountAsked, currency, uuid } from '@admin-center/contracts/fields';
import express, { type Request, Router } from 'express';
import type { Logger } from '@admin-center/platform/log';
import type pg from 'pg';
import { z } from 'zod';
import { parseBody, parseQuery } from '../../platform/parse.ts';
import { requireProjectKey } from '../../platform/project-keys/require-project-key.ts';
import { createLane } from '../../platform/reports/lane.ts';
import type { Services } from '../../platform/services.ts';
import { assign } from './outcomes.ts';
import { createRedeemer, findOffer } from './redeem.ts';
import { creditsAfter } from './referral-credits.ts';
import { recordClick, recordSignup, referralCodeOf } from './referral-stages.ts';
import { createGuessThrottle } from './throttle.ts';

const BODY_LIMIT = '16kb';
/** Redemptions of one code wait for each other on a connection; the rest of the pool is for others. */
const AT_ONCE = 5;
const WAITING_AT_MOST = 500;
const CREDITS_AT_ONCE = 500;

const ip = z.union([z.ipv4(), z.ipv6()]).nullable().default(null).describe('Address of the user, not of the host.');
const device = z.string().min(8).max(200).nullable().default(null).describe('What the host knows the device of the user by; only a hash of it is kept.');
const purchase = {
  code: z.string().trim().min(1).max(100),
  userId: uuid,
  amountMinor: amountAsked.describe('What the invoice comes to without the code.'),
  currency,
  tier: z.enum(TIERS),
  interval: z.enum(['month', 'year']).default('month'),
  ip,
};
const validateBody = z.object(purchase);
const redeemBody = z.object({ ...purchase, reference: z.string().trim().min(1).max(200) });
const codeBody = z.object({ userId: uuid, device });
const clickBody = z.object({
  code: z.string().trim().min(1).max(40),
  clickId: uuid.nullable().default(null).describe('An id of the host for this click, so that a report that is sent again counts once.'),
});
const signupBody = z.object({ clickId: uuid, userId: uuid, ip, device });
const creditsQuery = z.object({ after: z.coerce.number().int().min(0).default(0) });

export function promotionsIngestRoutes(services: Services, pool: pg.Pool): Router {
  const { database, recorder, clock, config } = services;
  const throttle = createGuessThrottle(pool, { user: config.CODE_GUESSES_PER_USER_AND_HOUR, ip: config.CODE_GUESSES_PER_ADDRESS_AND_HOUR });
  const { redeem } = createRedeemer({ database, recorder, throttle, clock });
  const lane = createLane(AT_ONCE, WAITING_AT_MOST);
  const guard = [requireProjectKey(services, ['server']), express.json({ limit: BODY_LIMIT })];
  const router = Router();

  router.post('/sdk/v1/promotions/validate', ...guard, async (request, response) => {
    const { amountMinor: subtotalMinor, ...body } = parseBody(validateBody, request.body);
    const asked = { ...body, subtotalMinor };
    const at = clock();
    const { refusal, offer } = await findOffer({ database, throttle }, asked, at);
    if (refusal !== null) {
      response.json(refusal);
      return;
    }
    if (offer.row.campaign_id !== null) {
      await assign(database, offer, body.userId, at);
    }
    response.json({
      result: 'applied', couponId: offer.row.coupon_id, code: offer.row.code, name: offer.row.coupon_name, duration: offer.duration,
      subtotalMinor, discountMinor: offer.discountMinor, totalMinor: subtotalMinor - offer.discountMinor, currency: body.currency,
    });
  });

  router.post('/sdk/v1/promotions/redeem', ...guard, async (request, response) => {
    const { amountMinor: subtotalMinor, ...body } = parseBody(redeemBody, request.body);
    response.json(await lane.run(() => redeem({ ...body, subtotalMinor }, { requestId: String(request.id), log: logOf(request) })));
  });

  router.post('/sdk/v1/referrals/codes', ...guard, async (request, response) => {
    const { userId, device: known } = parseBody(codeBody, request.body);
    response.json({ code: await referralCodeOf(database, userId, known, clock()) });
  });

  router.post('/sdk/v1/referrals/clicks', ...guard, async (request, response) => {
    const { code, clickId } = parseBody(clickBody, request.body);
    response.json({ clickId: await recordClick(database, code, clickId, clock()) });
  });

  router.post('/sdk/v1/referrals/signups', ...guard, async (request, response) => {
    response.json(await recordSignup(database, parseBody(signupBody, request.body), clock()));
  });

  router.get('/sdk/v1/referrals/credits', requireProjectKey(services, ['server']), async (request, response) => {
    const { after } = parseQuery(creditsQuery, request.query);
    response.json({ credits: await creditsAfter(database, after, CREDITS_AT_ONCE) });
  });
  return router;
}

const logOf = (request: Request): Logger => request.log as Logger;
