-- Coupons and promotion codes at Stripe: a row per object, made due by triggers in the transaction of the change, so that
-- what is committed will be pushed and what is rolled back will not. Without a key nobody works on these rows.

CREATE TABLE admin_center.stripe_sync (
  object_id      uuid PRIMARY KEY,
  object         text NOT NULL CHECK (object IN ('coupon', 'promotion_code')),
  stripe_id      text UNIQUE,
  state          text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'synced', 'failed', 'kept')),
  wanted_version integer NOT NULL DEFAULT 1,
  pushed_version integer NOT NULL DEFAULT 0,
  active         boolean,
  times_redeemed integer,
  unmatched      integer NOT NULL DEFAULT 0,
  error          text,
  attempts       integer NOT NULL DEFAULT 0,
  round          integer NOT NULL DEFAULT 0,
  due_at         timestamptz,
  lease          uuid,
  leased_until   timestamptz
);
COMMENT ON COLUMN admin_center.stripe_sync.state IS 'kept: not at Stripe, or switched off there, because Stripe could not check what it is limited by; error says what.';
COMMENT ON COLUMN admin_center.stripe_sync.active IS 'As last pushed to or seen at Stripe.';
COMMENT ON COLUMN admin_center.stripe_sync.unmatched IS 'Redemptions at Stripe by customers that are no user of the host.';
COMMENT ON COLUMN admin_center.stripe_sync.attempts IS 'Since the last push that succeeded.';
COMMENT ON COLUMN admin_center.stripe_sync.round IS 'Part of idempotency keys; raised where Stripe would only repeat its first answer.';
COMMENT ON COLUMN admin_center.stripe_sync.due_at IS 'When a worker looks at it next; null: only after a change.';
CREATE INDEX stripe_sync_due ON admin_center.stripe_sync (due_at) WHERE due_at IS NOT NULL;

CREATE FUNCTION admin_center.stripe_want(wanted_object text, wanted_id uuid) RETURNS void
LANGUAGE sql SET search_path = admin_center, pg_temp AS $$
  INSERT INTO stripe_sync AS s (object_id, object, due_at) VALUES (wanted_id, wanted_object, now())
  ON CONFLICT (object_id) DO UPDATE SET wanted_version = s.wanted_version + 1, state = 'pending', error = NULL, due_at = now()
$$;

-- A draft may still change in every way, so it stays here.
CREATE FUNCTION admin_center.stripe_want_coupon() RETURNS trigger
LANGUAGE plpgsql SET search_path = admin_center, pg_temp AS $$
BEGIN
  IF NEW.status <> 'draft' THEN
    PERFORM stripe_want('coupon', NEW.coupon_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER stripe_coupon AFTER INSERT OR UPDATE OF version ON admin_center.coupon
FOR EACH ROW EXECUTE FUNCTION admin_center.stripe_want_coupon();

CREATE FUNCTION admin_center.stripe_want_code() RETURNS trigger
LANGUAGE plpgsql SET search_path = admin_center, pg_temp AS $$
BEGIN
  PERFORM stripe_want('promotion_code', NEW.code_id);
  RETURN NULL;
END $$;
CREATE TRIGGER stripe_code AFTER INSERT OR UPDATE OF version ON admin_center.promotion_code
FOR EACH ROW EXECUTE FUNCTION admin_center.stripe_want_code();

-- A campaign is nothing at Stripe, but its codes stop and start with it.
CREATE FUNCTION admin_center.stripe_want_codes_of_campaign() RETURNS trigger
LANGUAGE plpgsql SET search_path = admin_center, pg_temp AS $$
BEGIN
  UPDATE stripe_sync s SET wanted_version = s.wanted_version + 1, state = 'pending', error = NULL, due_at = now()
  FROM promotion_code p WHERE p.campaign_id = NEW.campaign_id AND s.object_id = p.code_id;
  RETURN NULL;
END $$;
CREATE TRIGGER stripe_campaign AFTER UPDATE OF version ON admin_center.campaign
FOR EACH ROW EXECUTE FUNCTION admin_center.stripe_want_codes_of_campaign();

INSERT INTO admin_center.stripe_sync (object_id, object, due_at)
SELECT coupon_id, 'coupon', now() FROM admin_center.coupon WHERE status <> 'draft'
UNION ALL
SELECT code_id, 'promotion_code', now() FROM admin_center.promotion_code;

-- What Stripe told, each event once however often it is delivered. Kept are its kind and whom it is about: the object
-- itself is asked for when the event is worked on, so that the order of deliveries does not matter.
CREATE TABLE admin_center.stripe_event (
  event_id     text PRIMARY KEY,
  type         text NOT NULL,
  subject_id   text NOT NULL,
  created_at   timestamptz NOT NULL,
  received_at  timestamptz NOT NULL,
  state        text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'applied', 'unmatched', 'ignored', 'failed')),
  error        text,
  attempts     integer NOT NULL DEFAULT 0,
  due_at       timestamptz
);
CREATE INDEX stripe_event_due ON admin_center.stripe_event (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX stripe_event_received ON admin_center.stripe_event (received_at);

-- Discounts of Stripe that were looked at, so that the invoices that follow the first do not count again.
CREATE TABLE admin_center.stripe_discount (
  discount_id   text PRIMARY KEY,
  code_id       uuid NOT NULL REFERENCES admin_center.promotion_code,
  subscription  text,
  redemption_id uuid REFERENCES admin_center.redemption,
  seen_at       timestamptz NOT NULL,
  UNIQUE (code_id, subscription)
);
COMMENT ON COLUMN admin_center.stripe_discount.redemption_id IS 'Null where no user of the host could be matched.';
