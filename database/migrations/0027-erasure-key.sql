-- Digests of erased persons are keyed (HMAC with SHA-256, RFC 2104): who has the table and a list of ids, such as an old list
-- of users or of addresses, cannot find out which of them were erased.

-- The key, as the two blocks that HMAC wants. Nobody is granted anything on it: a function of the owner hands it to the intake.
CREATE TABLE admin_center.erasure_key (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  inner_pad bytea NOT NULL CHECK (octet_length(inner_pad) = 64),
  outer_pad bytea NOT NULL CHECK (octet_length(outer_pad) = 64)
);
COMMENT ON TABLE admin_center.erasure_key IS 'Made once, at random. Without it no digest of erased_person can be recognised: keep it where that table is restored, and out of copies that are given away.';

DO $$
DECLARE
  key       bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
  inner_pad bytea := decode(repeat('36', 64), 'hex');
  outer_pad bytea := decode(repeat('5c', 64), 'hex');
BEGIN
  FOR place IN 0 .. 31 LOOP
    inner_pad := set_byte(inner_pad, place, get_byte(inner_pad, place) # get_byte(key, place));
    outer_pad := set_byte(outer_pad, place, get_byte(outer_pad, place) # get_byte(key, place));
  END LOOP;
  INSERT INTO admin_center.erasure_key (inner_pad, outer_pad) VALUES (inner_pad, outer_pad);
END $$;

-- What there is was SHA-256 of an id; from now on it is HMAC of that.
UPDATE admin_center.erased_person SET digest = sha256(k.outer_pad || sha256(k.inner_pad || digest)) FROM admin_center.erasure_key k;
COMMENT ON TABLE admin_center.erased_person IS 'Keyed digests of the ids of erased users and of the visitors who turned out to be them. Intake and mirror drop events that carry one.';
