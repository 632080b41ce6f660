-- An idea without a point or shape lies where its settlement does; the whole municipality lies in no border that is smaller.
CREATE OR REPLACE FUNCTION consultation_gift_outside(idea bigint, consultation bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM participation_consultation c JOIN reports_report r ON r.subject_id = idea JOIN municipality_area a ON a.id = r.area_id
     WHERE c.subject_id = consultation AND c.within IS NOT NULL
       AND (NOT ST_Covers(c.within, coalesce(r.geom, c.within)) OR NOT ST_Covers(c.within, coalesce(r.line, c.within))
            OR NOT ST_Covers(c.within, coalesce(r.polygon, c.within))
            OR coalesce(r.geom, r.line, r.polygon) IS NULL AND NOT coalesce(ST_Covers(c.within, a.polygon), false)))
$$;
