-- What money needs beyond the host's tables: a price book, and the counting of payments and refunds exactly once.

-- The host stores no price. An amount that was paid names its tier through this book; amounts that are not in it belong
-- to the tier the subscription has now.
CREATE TABLE admin_center.price (
  tier         text NOT NULL CHECK (tier IN ('free', 'premium', 'enterprise')),
  currency     text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  period       text NOT NULL CHECK (period IN ('week', 'month', 'year')),
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  valid_from   timestamptz NOT NULL,
  PRIMARY KEY (currency, period, amount_minor, tier)
);
COMMENT ON COLUMN admin_center.price.amount_minor IS 'What one period costs, in minor units.';

-- The two price lists of the host's repository. 29.99 is on both, for different tiers: mrr_interval tells them apart.
INSERT INTO admin_center.price (tier, currency, period, amount_minor, valid_from) VALUES
  ('premium', 'USD', 'month', 999, '2000-01-01Z'),
  ('enterprise', 'USD', 'month', 2999, '2000-01-01Z'),
  ('premium', 'USD', 'month', 2999, '2000-01-01Z'),
  ('enterprise', 'USD', 'month', 9999, '2000-01-01Z');

-- Payments and refunds that are in the tally already. Nothing but their ids, so that erasing a user touches nothing here.
CREATE TABLE admin_center.tallied_payment (payment_id uuid PRIMARY KEY);
CREATE TABLE admin_center.tallied_refund (refund_id uuid PRIMARY KEY);

-- Set by the first run, which takes what has a result by then as known without counting it.
CREATE TABLE admin_center.payment_tally_start (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  at        timestamptz NOT NULL DEFAULT now()
);

-- Five classes of the card networks' and the payment provider's failure codes.
CREATE FUNCTION admin_center.decline_class(failure_code text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN failure_code IN ('insufficient_funds', 'card_velocity_exceeded', 'withdrawal_count_limit_exceeded') THEN 'insufficient_funds'
    WHEN failure_code IN ('expired_card', 'card_expired', 'invalid_expiry_month', 'invalid_expiry_year') THEN 'card_expired'
    WHEN failure_code LIKE '%authentication%' OR failure_code IN ('offline_pin_required', 'online_or_offline_pin_required') THEN 'authentication'
    WHEN failure_code IN ('processing_error', 'issuer_not_available', 'try_again_later', 'reenter_transaction', 'approve_with_id', 'rate_limit', 'api_error', 'lock_timeout')
      THEN 'processing'
    ELSE 'card_declined'
  END
$$;

-- Counts every payment and refund once, when it is first seen with a final result, and answers how many were new. The
-- worker calls it every 15 seconds; of two callers at once one answers 0. The first call counts nothing.
CREATE FUNCTION admin_center.tally_payments() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = admin_center, pg_temp AS $$
DECLARE
  counting boolean;
  fact     record;
  total    integer := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('admin_center.tally_payments')) THEN
    RETURN 0;
  END IF;
  INSERT INTO payment_tally_start DEFAULT VALUES ON CONFLICT DO NOTHING;
  counting := NOT FOUND;

  FOR fact IN
    WITH seen AS (
      INSERT INTO tallied_payment (payment_id)
      SELECT payment_id FROM payment
      WHERE status <> 'pending' AND NOT EXISTS (SELECT FROM tallied_payment AS known WHERE known.payment_id = payment.payment_id)
      ON CONFLICT DO NOTHING
      RETURNING payment_id
    )
    SELECT
      CASE payment.status WHEN 'failed' THEN 'failed' ELSE 'succeeded' END AS result,
      CASE payment.status WHEN 'failed' THEN decline_class(payment.failure_code) ELSE 'none' END AS decline_class,
      count(*) AS payments
    FROM seen JOIN payment USING (payment_id)
    GROUP BY 1, 2
  LOOP
    IF counting THEN
      PERFORM tally_add('admincenter_payments_total', jsonb_build_object('result', fact.result, 'decline_class', fact.decline_class), fact.payments);
      total := total + fact.payments;
    END IF;
  END LOOP;

  FOR fact IN
    WITH seen AS (
      INSERT INTO tallied_refund (refund_id)
      SELECT refund_id FROM refund
      WHERE status = 'succeeded' AND NOT EXISTS (SELECT FROM tallied_refund AS known WHERE known.refund_id = refund.refund_id)
      ON CONFLICT DO NOTHING
      RETURNING refund_id
    )
    SELECT refund.reason, count(*) AS refunds FROM seen JOIN refund USING (refund_id) GROUP BY 1
  LOOP
    IF counting THEN
      PERFORM tally_add('admincenter_refunds_total', jsonb_build_object('reason', fact.reason), fact.refunds);
      total := total + fact.refunds;
    END IF;
  END LOOP;
  RETURN total;
END
$$;
REVOKE ALL ON FUNCTION admin_center.tally_payments FROM PUBLIC;
