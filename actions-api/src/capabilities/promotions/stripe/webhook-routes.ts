// Where Stripe tells of what happened there. A delivery is checked, stored and answered; a worker looks at it afterwards.
// Without a key, or without the secret of the endpoint, there is none.
import express, { type Request, type Response, Router } from 'express';
import { Stripe } from 'stripe';
import { z } from 'zod';
import { AppError } from '../../../platform/errors.ts';
import type { Services } from '../../../platform/services.ts';
import { createStripe } from './client.ts';
import { HANDLED, storeEvent } from './events.ts';

const PATH = '/webhooks/stripe';
const BODY_LIMIT = '1mb';
/** How far the signed time may be from ours, in seconds. */
const TOLERANCE_S = 300;
const readRaw = express.raw({ type: () => true, limit: BODY_LIMIT });

const delivery = z.object({ id: z.string().min(1).max(255), type: z.string(), created: z.number().int(), data: z.object({ object: z.object({ id: z.string().max(255).optional() }) }) });

export function stripeWebhookRoutes({ config, database, clock }: Services): Router {
  const router = Router();
  const stripe = createStripe(config);
  const { STRIPE_WEBHOOK_SECRET: secret } = config;
  if (stripe === null || secret === undefined) {
    return router;
  }
  router.post(PATH, readRaw, async (request: Request, response: Response) => {
    response.locals['route'] = PATH;
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const event = read(stripe, body, request.get('stripe-signature') ?? '', secret, clock());
    const { type, data } = event;
    const handled = HANDLED.find((known) => known === type);
    if (handled !== undefined && data.object.id !== undefined) {
      await storeEvent(database, { id: event.id, type: handled, subjectId: data.object.id, createdAt: new Date(event.created * 1_000) }, clock());
    }
    response.json({ received: true });
  });
  return router;
}

/** @throws AppError 401 for who is not Stripe or a time too far from ours, 400 for what is no event */
function read(stripe: Stripe, body: Buffer, header: string, secret: string, now: Date): z.output<typeof delivery> {
  let event: unknown;
  try {
    event = stripe.webhooks.constructEvent(body, header, secret, TOLERANCE_S, undefined, now.getTime());
  } catch (error) {
    throw error instanceof Stripe.errors.StripeSignatureVerificationError
      ? new AppError('webhook_signature_invalid', 401, 'The header Stripe-Signature is missing, too old, or does not fit this body and STRIPE_WEBHOOK_SECRET.')
      : new AppError('body_malformed', 400, 'The body is no event of Stripe.');
  }
  // The client refuses only what is too old.
  if (signedAt(header) - now.getTime() / 1_000 > TOLERANCE_S) {
    throw new AppError('webhook_timestamp_invalid', 401, `The signed time is more than ${TOLERANCE_S / 60} minutes ahead of ours. Compare the clocks.`);
  }
  const parsed = delivery.safeParse(event);
  if (!parsed.success) {
    throw new AppError('body_malformed', 400, 'The body is no event of Stripe.');
  }
  return parsed.data;
}

const signedAt = (header: string): number => Number(/(?:^|,)t=(\d+)/.exec(header)?.[1] ?? 0);
