-- Payments in hundredths of the major unit; the currency, free text in the host, in upper case. A refunded payment keeps
-- its row and its amount: sales are the payments in succeeded, refunded, partially_refunded and disputed.
CREATE VIEW admin_center.payment AS
SELECT
  id AS payment_id,
  user_id,
  subscription_id,
  round(amount * 100)::bigint AS amount_minor,
  upper(btrim(currency)) AS currency,
  status,
  failure_code,
  payment_method_type,
  payment_method_last4,
  created_at,
  updated_at
FROM public.payment_transactions;
