-- Subscriptions as the host keeps them: several per user, several of them active. The host stores no price.
CREATE VIEW admin_center.subscription AS
SELECT
  id AS subscription_id,
  user_id,
  tier,
  status,
  stripe_subscription_id,
  current_period_start,
  current_period_end,
  coalesce(cancel_at_period_end, false) AS cancel_at_period_end,
  canceled_at,
  trial_start,
  trial_end,
  created_at,
  updated_at,
  stripe_subscription_id IS NULL AS granted_by_hand
FROM public.subscriptions;
