-- Funnels (D9): what the events of one person come to, day by day of entry.

-- Arguments are parallel arrays of one person's events in order: those of the same instant by the lowest step they match,
-- those that match none last. Bit s - 1 of `steps` is set where an event matches step s, bit s - 1 of `kills` where it
-- disqualifies who stands at step s (a set of s steps, where any order counts). `windows` are the longest times since the
-- step before, null for no limit. Each entry is followed to the end of its window. Of all ways to go on from a step the
-- latest event is best for what follows, so one instant per step says everything; when a step was reached first is kept
-- beside it. Entries after the day `until` are left out.
CREATE FUNCTION admin_center.funnel_attempts("order" text, "window" interval, windows interval[], ats timestamptz[], steps integer[], kills integer[], until date)
RETURNS TABLE (day date, first_at timestamptz, last_at timestamptz, entry integer, reached_at timestamptz[], open_until timestamptz)
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  total    CONSTANT integer := cardinality(windows);
  events   CONSTANT integer := cardinality(ats);
  opening  CONSTANT integer := CASE "order" WHEN 'any' THEN (1 << total) - 1 ELSE 1 END;
  attempt  record;
  entry_day date;
BEGIN
  FOR i IN 1 .. events LOOP
    CONTINUE WHEN steps[i] & opening = 0;
    entry_day := (ats[i] AT TIME ZONE 'UTC')::date;
    EXIT WHEN entry_day > until;
    IF day IS DISTINCT FROM entry_day THEN
      IF day IS NOT NULL THEN
        RETURN NEXT;
      END IF;
      day := entry_day;
      first_at := ats[i];
      reached_at := NULL;
      open_until := NULL;
    END IF;
    last_at := ats[i];
    -- Whatever this entry could reach, one like it right after it on the same day reaches sooner.
    CONTINUE WHEN "order" <> 'strict' AND i < events AND steps[i] = steps[i + 1] AND steps[i] & (steps[i] - 1) = 0
      AND (ats[i + 1] AT TIME ZONE 'UTC')::date = entry_day;
    CASE "order"
      WHEN 'strict' THEN attempt := admin_center.funnel_attempt_strict("window", windows, ats, steps, i);
      WHEN 'ordered' THEN attempt := admin_center.funnel_attempt_ordered("window", windows, ats, steps, kills, i);
      WHEN 'any' THEN attempt := admin_center.funnel_attempt_any("window", windows, ats, steps, kills, i);
    END CASE;
    open_until := greatest(open_until, attempt.open_until);
    IF reached_at IS NULL OR cardinality(attempt.reached) > cardinality(reached_at) OR (
      cardinality(attempt.reached) = cardinality(reached_at)
      AND attempt.reached[cardinality(attempt.reached)] - attempt.reached[1] <= reached_at[cardinality(reached_at)] - reached_at[1]
    ) THEN
      reached_at := attempt.reached;
      entry := i;
    END IF;
  END LOOP;
  IF day IS NOT NULL THEN
    RETURN NEXT;
  END IF;
END
$$;

-- Others may come between the steps.
CREATE FUNCTION admin_center.funnel_attempt_ordered("window" interval, windows interval[], ats timestamptz[], steps integer[], kills integer[], entry integer, OUT reached timestamptz[], OUT open_until timestamptz)
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  total CONSTANT integer := cardinality(windows);
  ends  CONSTANT timestamptz := ats[entry] + "window";
  -- The latest event that stands at each step, null where nobody does any more.
  at_step timestamptz[] := array_fill(NULL::timestamptz, ARRAY[total]);
  depth integer := 1;
  fresh integer;
BEGIN
  at_step[1] := ats[entry];
  reached := ARRAY[ats[entry]];
  FOR j IN entry + 1 .. cardinality(ats) LOOP
    EXIT WHEN ats[j] > ends;
    CONTINUE WHEN steps[j] < 2 AND kills[j] = 0;
    fresh := 0;
    -- Backwards, so that one event is not two steps.
    FOR s IN REVERSE least(depth + 1, total) .. 2 LOOP
      IF steps[j] & (1 << (s - 1)) <> 0 AND at_step[s - 1] IS NOT NULL AND (windows[s] IS NULL OR ats[j] - at_step[s - 1] <= windows[s]) THEN
        at_step[s] := ats[j];
        fresh := fresh | (1 << (s - 1));
        IF s > depth THEN
          depth := s;
          reached[s] := ats[j];
        END IF;
      END IF;
    END LOOP;
    EXIT WHEN depth = total;
    IF kills[j] & ~fresh <> 0 THEN
      FOR s IN 1 .. depth LOOP
        IF kills[j] & ~fresh & (1 << (s - 1)) <> 0 THEN
          at_step[s] := NULL;
        END IF;
      END LOOP;
    END IF;
  END LOOP;
  open_until := ats[entry];
  IF depth < total THEN
    FOR s IN 1 .. depth LOOP
      IF at_step[s] IS NOT NULL THEN
        open_until := greatest(open_until, least(ends, at_step[s] + windows[s + 1]));
      END IF;
    END LOOP;
  END IF;
END
$$;

-- Each step is the person's very next event.
CREATE FUNCTION admin_center.funnel_attempt_strict("window" interval, windows interval[], ats timestamptz[], steps integer[], entry integer, OUT reached timestamptz[], OUT open_until timestamptz)
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  total CONSTANT integer := cardinality(windows);
  ends  CONSTANT timestamptz := ats[entry] + "window";
  j integer := entry;
BEGIN
  reached := ARRAY[ats[entry]];
  open_until := ats[entry];
  FOR s IN 2 .. total LOOP
    j := j + 1;
    -- What comes after the window changes nothing any more.
    IF j > cardinality(ats) OR ats[j] > ends THEN
      open_until := least(ends, ats[j - 1] + windows[s]);
      RETURN;
    END IF;
    IF steps[j] & (1 << (s - 1)) = 0 OR (windows[s] IS NOT NULL AND ats[j] - ats[j - 1] > windows[s]) THEN
      RETURN;
    END IF;
    reached[s] := ats[j];
  END LOOP;
END
$$;

-- Steps in any order; standing at a step is having done a set of so many of them.
CREATE FUNCTION admin_center.funnel_attempt_any("window" interval, windows interval[], ats timestamptz[], steps integer[], kills integer[], entry integer, OUT reached timestamptz[], OUT open_until timestamptz)
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  total CONSTANT integer := cardinality(windows);
  ends  CONSTANT timestamptz := ats[entry] + "window";
  -- The latest event after which each set of steps is done, null where it is not.
  done  timestamptz[] := array_fill(NULL::timestamptz, ARRAY[(1 << total) - 1]);
  sizes integer[] := (SELECT array_agg(length(replace(set::bit(8)::text, '0', '')) ORDER BY set) FROM generate_series(1, (1 << total) - 1) AS set);
  depth integer := 1;
  size  integer;
  came  timestamptz;
  fresh boolean;
BEGIN
  FOR s IN 0 .. total - 1 LOOP
    IF steps[entry] & (1 << s) <> 0 THEN
      done[1 << s] := ats[entry];
    END IF;
  END LOOP;
  reached := ARRAY[ats[entry]];
  FOR j IN entry + 1 .. cardinality(ats) LOOP
    EXIT WHEN ats[j] > ends;
    CONTINUE WHEN steps[j] = 0 AND kills[j] = 0;
    -- Backwards, so that one event is not two steps: a smaller set is a smaller number.
    FOR set IN REVERSE (1 << total) - 1 .. 1 LOOP
      size := sizes[set];
      fresh := false;
      IF set & steps[j] <> 0 AND size > 1 AND size <= depth + 1 THEN
        FOR s IN 0 .. total - 1 LOOP
          IF set & steps[j] & (1 << s) <> 0 THEN
            came := done[set & ~(1 << s)];
            IF came IS NOT NULL AND (windows[size] IS NULL OR ats[j] - came <= windows[size]) THEN
              fresh := true;
            END IF;
          END IF;
        END LOOP;
      END IF;
      IF fresh THEN
        done[set] := ats[j];
      ELSIF kills[j] & (1 << (size - 1)) <> 0 THEN
        done[set] := NULL;
      END IF;
      IF fresh AND reached[size] IS NULL THEN
        reached[size] := ats[j];
      END IF;
    END LOOP;
    depth := cardinality(reached);
    EXIT WHEN depth = total;
  END LOOP;
  open_until := ats[entry];
  IF depth < total THEN
    FOR set IN 1 .. (1 << total) - 2 LOOP
      IF done[set] IS NOT NULL THEN
        open_until := greatest(open_until, least(ends, done[set] + windows[sizes[set] + 1]));
      END IF;
    END LOOP;
  END IF;
END
$$;
