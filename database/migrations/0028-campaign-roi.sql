-- What campaigns returned on what they cost (D20), kept ready for the exporter: computing it reads every payment there is, since
-- the host has no index that leads from a user to theirs and must not get one.

CREATE TABLE admin_center.campaign_roi_kept (
  campaign_id uuid PRIMARY KEY REFERENCES admin_center.campaign,
  roi         double precision NOT NULL,
  computed_at timestamptz NOT NULL
);
COMMENT ON COLUMN admin_center.campaign_roi_kept.computed_at IS 'Of all rows the same: the instant whose payments they count.';
