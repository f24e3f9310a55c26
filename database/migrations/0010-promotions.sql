-- Promotions: coupons and promotion codes as Stripe has them, campaigns with budgets, what was redeemed, and referrals.
-- Money is in minor units. States that time or use bring about (exhausted, expired, running, over) are not stored.

CREATE TABLE admin_center.coupon (
  coupon_id        uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name             text NOT NULL,
  percent_off_bp   integer CHECK (percent_off_bp BETWEEN 1 AND 10000),
  amount_off_minor bigint CHECK (amount_off_minor > 0),
  currency         text CHECK (currency ~ '^[A-Z]{3}$'),
  duration         text NOT NULL CHECK (duration IN ('once', 'repeating', 'forever')),
  duration_months  integer CHECK (duration_months > 0),
  max_redemptions  integer CHECK (max_redemptions > 0),
  redeem_by        timestamptz,
  tiers            text[] NOT NULL DEFAULT '{}',
  status           text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'active', 'archived')),
  times_redeemed   integer NOT NULL DEFAULT 0 CHECK (times_redeemed >= 0 AND times_redeemed <= coalesce(max_redemptions, times_redeemed)),
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  version          integer NOT NULL DEFAULT 1,
  CHECK ((percent_off_bp IS NULL) <> (amount_off_minor IS NULL)),
  CHECK ((amount_off_minor IS NULL) = (currency IS NULL)),
  CHECK ((duration = 'repeating') = (duration_months IS NOT NULL))
);
COMMENT ON COLUMN admin_center.coupon.percent_off_bp IS 'Hundredths of a percent, so that 12.5 % is a whole number.';
COMMENT ON COLUMN admin_center.coupon.tiers IS 'Plans it is good for; empty: all of them.';
CREATE INDEX coupon_created_at ON admin_center.coupon (created_at, coupon_id);

CREATE TABLE admin_center.campaign (
  campaign_id        uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  key                text NOT NULL UNIQUE CHECK (key ~ '^[a-z][a-z0-9-]{1,48}[a-z0-9]$'),
  name               text NOT NULL,
  starts_at          timestamptz NOT NULL,
  ends_at            timestamptz CHECK (ends_at > starts_at),
  zone               text NOT NULL,
  openings           jsonb NOT NULL DEFAULT '[]',
  reporting_currency text NOT NULL CHECK (reporting_currency ~ '^[A-Z]{3}$'),
  margin_share       numeric(5, 4) NOT NULL CHECK (margin_share BETWEEN 0 AND 1),
  holdout_share      numeric(5, 4) NOT NULL CHECK (holdout_share BETWEEN 0 AND 0.5),
  status             text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'active', 'killed', 'archived')),
  redemptions        integer NOT NULL DEFAULT 0,
  created_at         timestamptz NOT NULL,
  updated_at         timestamptz NOT NULL,
  version            integer NOT NULL DEFAULT 1
);
CREATE INDEX campaign_created_at ON admin_center.campaign (created_at, campaign_id);

-- The cap is exact because spending is one statement that the check of this table would refuse to overdraw.
CREATE TABLE admin_center.campaign_budget (
  campaign_id  uuid NOT NULL REFERENCES admin_center.campaign,
  currency     text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  limit_minor  bigint NOT NULL CHECK (limit_minor > 0),
  spent_minor  bigint NOT NULL DEFAULT 0 CHECK (spent_minor BETWEEN 0 AND limit_minor),
  exhausted_at timestamptz,
  PRIMARY KEY (campaign_id, currency)
);
COMMENT ON COLUMN admin_center.campaign_budget.exhausted_at IS 'When a redemption was first refused for want of it; null again when the limit is raised.';

CREATE TABLE admin_center.code_batch (
  batch_id    uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  coupon_id   uuid NOT NULL REFERENCES admin_center.coupon,
  campaign_id uuid REFERENCES admin_center.campaign,
  prefix      text NOT NULL,
  length      integer NOT NULL CHECK (length BETWEEN 8 AND 20),
  count       integer NOT NULL CHECK (count BETWEEN 1 AND 100000),
  made        integer NOT NULL DEFAULT 0 CHECK (made BETWEEN 0 AND count),
  state       text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
  error       text,
  created_by  text NOT NULL,
  created_at  timestamptz NOT NULL,
  finished_at timestamptz,
  first_time_transaction boolean NOT NULL,
  minimum_minor          bigint,
  minimum_currency       text,
  max_redemptions        integer,
  max_per_user           integer,
  expires_at             timestamptz
);
CREATE INDEX code_batch_created_at ON admin_center.code_batch (created_at, batch_id);
CREATE INDEX code_batch_open ON admin_center.code_batch (created_at) WHERE state IN ('queued', 'running');

CREATE TABLE admin_center.promotion_code (
  code_id     uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  code        text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9-]{3,40}$'),
  coupon_id   uuid NOT NULL REFERENCES admin_center.coupon,
  campaign_id uuid REFERENCES admin_center.campaign,
  batch_id    uuid REFERENCES admin_center.code_batch,
  user_id     uuid,
  active      boolean NOT NULL DEFAULT true,
  first_time_transaction boolean NOT NULL DEFAULT false,
  minimum_minor          bigint CHECK (minimum_minor > 0),
  minimum_currency       text CHECK (minimum_currency ~ '^[A-Z]{3}$'),
  max_redemptions        integer CHECK (max_redemptions > 0),
  max_per_user           integer CHECK (max_per_user > 0),
  expires_at             timestamptz,
  times_redeemed         integer NOT NULL DEFAULT 0 CHECK (times_redeemed >= 0 AND times_redeemed <= coalesce(max_redemptions, times_redeemed)),
  created_at  timestamptz NOT NULL,
  version     integer NOT NULL DEFAULT 1,
  CHECK ((minimum_minor IS NULL) = (minimum_currency IS NULL))
);
CREATE INDEX promotion_code_created_at ON admin_center.promotion_code (created_at, code_id);
CREATE INDEX promotion_code_coupon ON admin_center.promotion_code (coupon_id, created_at, code_id);
CREATE INDEX promotion_code_campaign ON admin_center.promotion_code (campaign_id, created_at, code_id);
CREATE INDEX promotion_code_batch ON admin_center.promotion_code (batch_id, code_id);
CREATE INDEX promotion_code_prefix ON admin_center.promotion_code (code text_pattern_ops);

-- How often one user has redeemed one code; a row of its own, so that the limit is one conditional statement too.
CREATE TABLE admin_center.promotion_code_use (
  code_id uuid NOT NULL REFERENCES admin_center.promotion_code,
  user_id uuid NOT NULL,
  used    integer NOT NULL CHECK (used > 0),
  PRIMARY KEY (code_id, user_id)
);

CREATE TABLE admin_center.redemption (
  redemption_id   uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  reference       text NOT NULL UNIQUE,
  code_id         uuid NOT NULL REFERENCES admin_center.promotion_code,
  coupon_id       uuid NOT NULL REFERENCES admin_center.coupon,
  campaign_id     uuid REFERENCES admin_center.campaign,
  user_id         uuid NOT NULL,
  at              timestamptz NOT NULL,
  subtotal_minor  bigint NOT NULL CHECK (subtotal_minor >= 0),
  discount_minor  bigint NOT NULL CHECK (discount_minor BETWEEN 0 AND subtotal_minor),
  committed_minor bigint NOT NULL CHECK (committed_minor >= discount_minor),
  currency        text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  tier            text NOT NULL
);
COMMENT ON COLUMN admin_center.redemption.committed_minor IS 'The discount over the whole duration, a year for forever: what it takes from the budget.';
CREATE INDEX redemption_at ON admin_center.redemption (at, redemption_id);
CREATE INDEX redemption_coupon ON admin_center.redemption (coupon_id, at, redemption_id);
CREATE INDEX redemption_campaign ON admin_center.redemption (campaign_id, at, redemption_id);
CREATE INDEX redemption_code ON admin_center.redemption (code_id, at, redemption_id);
CREATE INDEX redemption_user ON admin_center.redemption (user_id, at, redemption_id);

-- Who tried a code of a campaign, and which side they are on. Both sides get a row at their first try, or the comparison
-- would be between people who differ in more than the discount.
CREATE TABLE admin_center.campaign_member (
  campaign_id uuid NOT NULL REFERENCES admin_center.campaign,
  user_id     uuid NOT NULL,
  arm         text NOT NULL CHECK (arm IN ('treated', 'holdout')),
  paid_before boolean NOT NULL,
  assigned_at timestamptz NOT NULL,
  PRIMARY KEY (campaign_id, user_id)
);

CREATE TABLE admin_center.referral_programme (
  singleton                boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  enabled                  boolean NOT NULL,
  window_days              integer NOT NULL CHECK (window_days > 0),
  reward_minor             bigint NOT NULL CHECK (reward_minor > 0),
  reward_currency          text NOT NULL CHECK (reward_currency ~ '^[A-Z]{3}$'),
  referee_coupon_id        uuid REFERENCES admin_center.coupon,
  hold_days                integer NOT NULL CHECK (hold_days >= 0),
  clawback_days            integer NOT NULL CHECK (clawback_days >= 0),
  max_rewards_per_referrer integer CHECK (max_rewards_per_referrer > 0),
  updated_at               timestamptz NOT NULL DEFAULT now(),
  version                  integer NOT NULL DEFAULT 1
);
INSERT INTO admin_center.referral_programme (enabled, window_days, reward_minor, reward_currency, hold_days, clawback_days)
VALUES (false, 30, 1000, 'USD', 7, 30);

-- The code in a user's referral link.
CREATE TABLE admin_center.referral_code (
  user_id    uuid PRIMARY KEY,
  code       text NOT NULL UNIQUE,
  device     bytea,
  created_at timestamptz NOT NULL
);
COMMENT ON COLUMN admin_center.referral_code.device IS 'SHA-256 of what the host knows the device of the referrer by.';

CREATE TABLE admin_center.referral (
  referral_id     uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  referrer_id     uuid NOT NULL,
  referee_id      uuid UNIQUE,
  stage           text NOT NULL DEFAULT 'click' CHECK (stage IN ('click', 'signup', 'qualified', 'held', 'rewarded', 'clawed_back', 'rejected')),
  signals         text[] NOT NULL DEFAULT '{}',
  payment_id      uuid,
  reward_minor    bigint CHECK (reward_minor > 0),
  reward_currency text,
  clicked_at      timestamptz NOT NULL,
  signed_up_at    timestamptz,
  qualified_at    timestamptz,
  held_until      timestamptz,
  clawback_until  timestamptz,
  rewarded_at     timestamptz,
  clawed_back_at  timestamptz,
  rejected_at     timestamptz
);
COMMENT ON COLUMN admin_center.referral.reward_minor IS 'As the programme promised it when the reward went on hold.';
CREATE INDEX referral_clicked_at ON admin_center.referral (clicked_at, referral_id);
CREATE INDEX referral_referrer ON admin_center.referral (referrer_id, clicked_at, referral_id);
CREATE INDEX referral_open ON admin_center.referral (stage) WHERE stage IN ('signup', 'qualified', 'held', 'rewarded');

-- Credit the host owes its users for referrals, and takes back; it reads on from the last entry it knows.
CREATE TABLE admin_center.referral_credit (
  credit_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  referral_id  uuid NOT NULL REFERENCES admin_center.referral,
  user_id      uuid NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
  currency     text NOT NULL,
  at           timestamptz NOT NULL
);
COMMENT ON COLUMN admin_center.referral_credit.amount_minor IS 'Negative where a reward is taken back.';
CREATE UNIQUE INDEX referral_credit_once ON admin_center.referral_credit (referral_id, (amount_minor > 0));

-- Results of redemptions start at 0 for codes outside of campaigns; a campaign's own start when it is made.
CREATE FUNCTION admin_center.start_redemption_counters(campaign_key text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = admin_center, pg_temp AS $$
  SELECT tally_add('admincenter_coupon_redemptions_total', jsonb_build_object('campaign', campaign_key, 'result', result), 0)
  FROM unnest(ARRAY['applied', 'unknown_code', 'inactive', 'expired', 'exhausted', 'outside_window', 'not_eligible', 'not_first_time',
    'already_redeemed', 'currency_mismatch', 'below_minimum', 'budget_exhausted', 'holdout', 'throttled']) AS result
$$;
REVOKE ALL ON FUNCTION admin_center.start_redemption_counters FROM PUBLIC;
SELECT admin_center.start_redemption_counters('none');
