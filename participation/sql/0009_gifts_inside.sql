-- An idea that is given to a consultation with a border lies inside it, whoever writes the link, moves the idea or draws the border.
CREATE FUNCTION consultation_gift_outside(idea bigint, consultation bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM participation_consultation c JOIN reports_report r ON r.subject_id = idea
     WHERE c.subject_id = consultation AND c.within IS NOT NULL
       AND (NOT ST_Covers(c.within, coalesce(r.geom, c.within)) OR NOT ST_Covers(c.within, coalesce(r.line, c.within))
            OR NOT ST_Covers(c.within, coalesce(r.polygon, c.within))))
$$;

CREATE FUNCTION consultation_gift_refused() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  outside boolean;
BEGIN
  IF TG_TABLE_NAME = 'discussion_link' THEN
    outside := consultation_gift_outside(NEW.source_id, NEW.target_id);
  ELSIF TG_TABLE_NAME = 'reports_report' THEN
    outside := EXISTS (SELECT 1 FROM discussion_link l WHERE l.source_id = NEW.subject_id AND l.kind = 'given_to'
                          AND consultation_gift_outside(l.source_id, l.target_id));
  ELSE
    outside := EXISTS (SELECT 1 FROM discussion_link l WHERE l.target_id = NEW.subject_id AND l.kind = 'given_to'
                          AND consultation_gift_outside(l.source_id, l.target_id));
  END IF;
  IF outside THEN
    RAISE EXCEPTION 'an idea lies outside the border of its consultation' USING ERRCODE = 'check_violation', CONSTRAINT = 'consultation_gift_inside';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER consultation_gift_inside AFTER INSERT OR UPDATE ON discussion_link
  FOR EACH ROW WHEN (NEW.kind = 'given_to') EXECUTE FUNCTION consultation_gift_refused();
CREATE TRIGGER consultation_gift_inside AFTER UPDATE OF geom, line, polygon ON reports_report
  FOR EACH ROW EXECUTE FUNCTION consultation_gift_refused();
CREATE TRIGGER consultation_gift_inside AFTER UPDATE OF within ON participation_consultation
  FOR EACH ROW WHEN (NEW.within IS NOT NULL) EXECUTE FUNCTION consultation_gift_refused();
