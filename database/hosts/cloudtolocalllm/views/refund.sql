-- Refunds, several per payment, in hundredths of the major unit. Each has its payment; with a LEFT JOIN, who does not ask for
-- the user reads no payments.
CREATE VIEW admin_center.refund AS
SELECT
  r.id AS refund_id,
  r.transaction_id AS payment_id,
  p.user_id,
  round(r.amount * 100)::bigint AS amount_minor,
  upper(btrim(r.currency)) AS currency,
  r.reason,
  r.status,
  r.created_at
FROM public.refunds r
LEFT JOIN public.payment_transactions p ON p.id = r.transaction_id;
