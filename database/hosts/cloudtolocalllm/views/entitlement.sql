-- The tier each user is entitled to: exactly one row per user. Of several subscriptions an active one wins over a
-- trialing and a past_due one, then the newest; no such row means free. DISTINCT ON keeps one pass over the
-- subscriptions, and a lookup by user_id still reaches into it.
CREATE VIEW admin_center.entitlement AS
SELECT u.id AS user_id, coalesce(best.tier, 'free') AS tier, best.subscription_id, best.status
FROM public.users u
LEFT JOIN (
  SELECT DISTINCT ON (user_id) user_id, tier, id AS subscription_id, status
  FROM public.subscriptions
  WHERE status IN ('active', 'trialing', 'past_due')
  ORDER BY user_id, array_position(ARRAY['active', 'trialing', 'past_due'], status), created_at DESC NULLS LAST, id
) best ON best.user_id = u.id;
