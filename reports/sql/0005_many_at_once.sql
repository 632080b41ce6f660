-- A statement that changes a hundred thousand reports (surveyed boundaries put in place of schematic ones) is followed in
-- portions: of the keys in one array the planner knows no number, and what is quick for five is quadratic for so many.
CREATE OR REPLACE FUNCTION reports_report_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids bigint[] := ARRAY(SELECT subject_id FROM changed ORDER BY subject_id);
  portion CONSTANT integer := 400;
BEGIN
  FOR at IN 1 .. coalesce(cardinality(ids), 0) BY portion LOOP
    PERFORM reports_points_follow(ids[at : at + portion - 1]);
  END LOOP;
  RETURN NULL;
END $$;
