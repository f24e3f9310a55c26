// Coupons, promotion codes, invoices and checkouts as Stripe keeps them, with what it refuses.
import { allow, invalid, listOf, missing, numberOf, type Params, textOf, within } from './wire.ts';

export interface FakeCoupon {
  readonly id: string;
  readonly object: 'coupon';
  readonly created: number;
  readonly livemode: false;
  name: string | null;
  readonly percent_off: number | null;
  readonly amount_off: number | null;
  readonly currency: string | null;
  readonly duration: string;
  readonly duration_in_months: number | null;
  readonly max_redemptions: number | null;
  readonly redeem_by: number | null;
  readonly metadata: Params;
  times_redeemed: number;
  valid: boolean;
}

export interface FakeCode {
  readonly id: string;
  readonly object: 'promotion_code';
  readonly created: number;
  readonly livemode: false;
  readonly promotion: { readonly type: 'coupon'; readonly coupon: string };
  readonly code: string;
  readonly customer: null;
  readonly max_redemptions: number | null;
  readonly expires_at: number | null;
  readonly restrictions: { readonly first_time_transaction: boolean; readonly minimum_amount: number | null; readonly minimum_amount_currency: string | null };
  readonly metadata: Params;
  times_redeemed: number;
  active: boolean;
}

export interface FakeDiscount {
  readonly id: string;
  readonly promotion_code: string | null;
  readonly start: number;
}
export interface FakeInvoice {
  readonly id: string;
  readonly status: string;
  readonly currency: string;
  readonly subtotal: number;
  readonly subscription: string | null;
  readonly discounts: readonly { readonly amount: number; readonly discount: FakeDiscount }[];
}

export interface FakeCheckout {
  readonly id: string;
  readonly mode: 'payment' | 'subscription';
  readonly payment_status: 'paid' | 'unpaid' | 'no_payment_required';
  readonly invoice: string | null;
  readonly currency: string;
  readonly amount_subtotal: number;
  readonly client_reference_id: string | null;
  readonly discounts: FakeInvoice['discounts'];
}

const MOST_ON_A_PAGE = 100;

export function createObjects(now: () => number) {
  const coupons = new Map<string, FakeCoupon>();
  const codes = new Map<string, FakeCode>();
  const invoices = new Map<string, FakeInvoice>();
  const checkouts = new Map<string, FakeCheckout>();
  let made = 0;

  const coupon = (id: string): FakeCoupon => coupons.get(id) ?? fail(missing('coupon', id));
  const code = (id: string): FakeCode => codes.get(id) ?? fail(missing('promotion code', id));

  const createCoupon = (params: Params): FakeCoupon => {
    allow(params, ['id', 'name', 'percent_off', 'amount_off', 'currency', 'duration', 'duration_in_months', 'max_redemptions', 'redeem_by', 'metadata']);
    const id = textOf(params, 'id') ?? `co_${++made}`;
    const redeemBy = numberOf(params, 'redeem_by');
    if (coupons.has(id)) {
      throw invalid('Coupon already exists.', { code: 'resource_already_exists', param: 'id' });
    }
    if ((textOf(params, 'percent_off') === null) === (textOf(params, 'amount_off') === null)) {
      throw invalid('Must provide exactly one of percent_off or amount_off.', { code: 'parameter_missing' });
    }
    if (redeemBy !== null && redeemBy > now() + 5 * 366 * 86_400) {
      throw invalid('redeem_by cannot be more than five years in the future.', { param: 'redeem_by' });
    }
    const created: FakeCoupon = {
      id, object: 'coupon', created: now(), livemode: false, name: textOf(params, 'name'),
      percent_off: numberOf(params, 'percent_off'), amount_off: numberOf(params, 'amount_off'), currency: textOf(params, 'currency'),
      duration: textOf(params, 'duration') ?? 'once', duration_in_months: numberOf(params, 'duration_in_months'),
      max_redemptions: numberOf(params, 'max_redemptions'), redeem_by: redeemBy, metadata: within(params, 'metadata'), times_redeemed: 0, valid: true,
    };
    coupons.set(id, created);
    return created;
  };

  const createCode = (params: Params): FakeCode => {
    allow(params, ['promotion', 'code', 'active', 'max_redemptions', 'expires_at', 'restrictions', 'metadata']);
    const of = coupon(textOf(within(params, 'promotion'), 'coupon') ?? '');
    const text = textOf(params, 'code') ?? `AUTO${++made}`;
    const most = numberOf(params, 'max_redemptions');
    if ([...codes.values()].some((other) => other.active && other.code.toLowerCase() === text.toLowerCase())) {
      throw invalid(`An active promotion code with \`code: ${text}\` already exists.`);
    }
    if (most !== null && of.max_redemptions !== null && most > of.max_redemptions) {
      throw invalid('max_redemptions cannot exceed that of the coupon.', { param: 'max_redemptions' });
    }
    const restrictions = within(params, 'restrictions');
    const created: FakeCode = {
      id: `promo_${++made}`, object: 'promotion_code', created: now(), livemode: false, promotion: { type: 'coupon', coupon: of.id }, code: text, customer: null,
      max_redemptions: most, expires_at: numberOf(params, 'expires_at'), metadata: within(params, 'metadata'), times_redeemed: 0, active: params['active'] !== 'false',
      restrictions: { first_time_transaction: restrictions['first_time_transaction'] === 'true', minimum_amount: numberOf(restrictions, 'minimum_amount'), minimum_amount_currency: textOf(restrictions, 'minimum_amount_currency') },
    };
    codes.set(created.id, created);
    return created;
  };

  const shownCode = (shown: FakeCode, expand: readonly string[]): unknown =>
    expand.includes('promotion.coupon') ? { ...shown, promotion: { type: 'coupon', coupon: coupons.get(shown.promotion.coupon) ?? null } } : shown;

  const shownInvoice = (id: string, expand: readonly string[]): unknown => {
    const { discounts, subscription, ...invoice } = invoices.get(id) ?? fail(missing('invoice', id));
    return {
      ...invoice, object: 'invoice',
      parent: subscription === null ? null : { type: 'subscription_details', subscription_details: { subscription } },
      total_discount_amounts: discounts.map(({ amount, discount }) => ({ amount, discount: expand.includes('total_discount_amounts.discount') ? { ...discount, object: 'discount' } : discount.id })),
    };
  };

  const shownCheckout = (id: string, expand: readonly string[]): unknown => {
    const { discounts, ...session } = checkouts.get(id) ?? fail(missing('checkout.session', id));
    const breakdown = { discounts: discounts.map(({ amount, discount }) => ({ amount, discount: { ...discount, object: 'discount' } })), taxes: [] };
    return { ...session, object: 'checkout.session', total_details: { amount_discount: discounts.reduce((sum, { amount }) => sum + amount, 0), ...(expand.includes('total_details.breakdown') ? { breakdown } : {}) } };
  };

  const listCodes = (params: Params): unknown => {
    const limit = numberOf(params, 'limit') ?? 10;
    if (limit > MOST_ON_A_PAGE) {
      throw invalid('limit is at most 100.', { param: 'limit' });
    }
    const wanted = [...codes.values()].toReversed().filter((shown) =>
      (textOf(params, 'code') ?? shown.code).toLowerCase() === shown.code.toLowerCase() && (textOf(params, 'coupon') ?? shown.promotion.coupon) === shown.promotion.coupon);
    const after = textOf(params, 'starting_after');
    const rest = after === null ? wanted : wanted.slice(wanted.findIndex(({ id }) => id === after) + 1);
    return { object: 'list', url: '/v1/promotion_codes', has_more: rest.length > limit, data: rest.slice(0, limit) };
  };

  const deleteCoupon = (id: string): unknown => {
    coupons.delete(coupon(id).id);
    for (const of of [...codes.values()].filter(({ promotion }) => promotion.coupon === id)) {
      of.active = false;
    }
    return { id, object: 'coupon', deleted: true };
  };

  const updateCoupon = (id: string, params: Params): FakeCoupon => {
    allow(params, ['name', 'metadata']);
    return Object.assign(coupon(id), { name: textOf(params, 'name') });
  };

  const updateCode = (id: string, params: Params): FakeCode => {
    allow(params, ['active', 'metadata']);
    const found = code(id);
    if (params['active'] === 'true' && !coupons.has(found.promotion.coupon)) {
      throw invalid('This promotion code cannot be activated because its coupon is not valid.');
    }
    return Object.assign(found, { active: params['active'] === 'true' });
  };

  /** @returns what there is at the address; undefined when there is no such address */
  const answer = (method: string, path: string, params: Params): unknown => {
    const [, , kind = '', id] = path.replace('/checkout/sessions', '/checkouts').split('/');
    const expand = listOf(params, 'expand');
    const actions: Readonly<Record<string, () => unknown>> = {
      'POST coupons': () => createCoupon(params),
      'GET coupons/id': () => coupon(id as string),
      'POST coupons/id': () => updateCoupon(id as string, params),
      'DELETE coupons/id': () => deleteCoupon(id as string),
      'POST promotion_codes': () => createCode(params),
      'GET promotion_codes': () => listCodes(params),
      'GET promotion_codes/id': () => shownCode(code(id as string), expand),
      'POST promotion_codes/id': () => updateCode(id as string, params),
      'GET invoices/id': () => shownInvoice(id as string, expand),
      'GET checkouts/id': () => shownCheckout(id as string, expand),
    };
    return actions[`${method} ${kind}${id === undefined ? '' : '/id'}`]?.();
  };
  return { coupons, codes, invoices, checkouts, answer };
}

function fail(error: Error): never {
  throw error;
}
