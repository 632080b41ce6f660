-- A variant lies within the border of its comparison, else within the municipality; of the municipality's none changes once people have seen it.
CREATE FUNCTION participation_alternative_inside() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  asked participation_comparison;
  within geometry;
BEGIN
  SELECT * INTO asked FROM participation_comparison WHERE subject_id = NEW.comparison_id;
  within := coalesce(asked.border, (SELECT a.polygon FROM municipality_area a WHERE a.parent_id IS NULL));
  IF within IS NOT NULL AND NOT (ST_Covers(within, coalesce(NEW.points, within)) AND ST_Covers(within, coalesce(NEW.lines, within))
                                 AND ST_Covers(within, coalesce(NEW.polygons, within))) THEN
    RAISE EXCEPTION 'the variant lies outside the border' USING ERRCODE = 'check_violation', CONSTRAINT = 'alternative_inside';
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.own AND asked.status <> 'preparing' THEN
    RAISE EXCEPTION 'people have seen the variant: it stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'alternative_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER alternative_inside BEFORE INSERT OR UPDATE OF title, description, cost_from, cost_to, cost_source, months_from, months_to,
  points, lines, polygons, comparison_id, own ON participation_alternative
  FOR EACH ROW EXECUTE FUNCTION participation_alternative_inside();

-- A border that is drawn anew keeps the variants inside.
CREATE FUNCTION participation_border_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM participation_alternative a WHERE a.comparison_id = NEW.subject_id AND a.status NOT IN ('taken_back', 'rejected')
               AND NOT (ST_Covers(NEW.border, coalesce(a.points, NEW.border)) AND ST_Covers(NEW.border, coalesce(a.lines, NEW.border))
                        AND ST_Covers(NEW.border, coalesce(a.polygons, NEW.border)))) THEN
    RAISE EXCEPTION 'a variant lies outside the border' USING ERRCODE = 'check_violation', CONSTRAINT = 'comparison_border_holds';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER border_holds BEFORE UPDATE OF border ON participation_comparison
  FOR EACH ROW WHEN (NEW.border IS NOT NULL) EXECUTE FUNCTION participation_border_holds();

-- What is preferred is a variant of the same comparison.
ALTER TABLE participation_alternative ADD CONSTRAINT alternative_key_with_comparison UNIQUE (subject_id, comparison_id);
ALTER TABLE participation_comparison ADD CONSTRAINT comparison_prefers_its_own
    FOREIGN KEY (preferred_id, subject_id) REFERENCES participation_alternative (subject_id, comparison_id) DEFERRABLE INITIALLY DEFERRED;
