-- Where every report in force lies, in whole numbers, narrow and covered by one index: tiles, clusters and counts read this,
-- never the wide table. Statement triggers keep it; reports/spatial/ reads it.

-- The states in force: drafts and what was rejected before it was published are on no map.
CREATE TYPE reports_status AS ENUM (
  'received', 'assigned', 'in_progress', 'planned', 'forwarded', 'waiting_for_reporter', 'resolved', 'refused', 'duplicate',
  'withdrawn', 'reopen_requested', 'reopened', 'gathering_support', 'under_review', 'filed_with_council', 'accepted',
  'partly_accepted', 'carried_out', 'archived'
);

-- Of which day the counts of late ones in the summaries are, and in which time zone a report's day is read. One row.
CREATE TABLE reports_summary (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  day date NOT NULL,
  zone text NOT NULL,
  folded bigint NOT NULL DEFAULT 0
);

-- Combinations of what changes seldom, so that points and summaries carry one number for all of it. Rows never change.
-- rank 0: everything; 1: a kind and a leading sector; 2: a kind and all its sectors; 3: with category and department.
CREATE TABLE reports_class (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rank smallint NOT NULL,
  kind text,
  sector_id bigint,
  sectors bigint[],
  category_id bigint,
  department_id bigint,
  all_id integer REFERENCES reports_class,
  top_id integer REFERENCES reports_class,
  coarse_id integer REFERENCES reports_class,
  UNIQUE NULLS NOT DISTINCT (rank, kind, sector_id, sectors, category_id, department_id)
);
INSERT INTO reports_class (rank) VALUES (0);

CREATE TABLE reports_point (
  id bigint PRIMARY KEY,
  ref bigint NOT NULL,
  public boolean NOT NULL,
  m bigint NOT NULL,
  x integer NOT NULL,
  y integer NOT NULL,
  class_id integer NOT NULL,
  status reports_status NOT NULL,
  area_id bigint NOT NULL,
  unassigned boolean NOT NULL,
  received date NOT NULL,
  due date
) WITH (
  -- Tiles stay index-only while the pages are known to be visible to all.
  autovacuum_vacuum_scale_factor = 0.005, autovacuum_vacuum_threshold = 500,
  autovacuum_vacuum_insert_scale_factor = 0.005, autovacuum_vacuum_insert_threshold = 500, autovacuum_vacuum_cost_delay = 0
);
CREATE INDEX reports_point_m ON reports_point (public, m)
  INCLUDE (ref, x, y, class_id, status, area_id, unassigned, received, due, id);
CREATE INDEX reports_point_due ON reports_point (due) WHERE due IS NOT NULL;

-- What changed and is not in the summaries yet: every reader adds it, the worker folds it.
CREATE TABLE reports_delta (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sign smallint NOT NULL,
  id bigint NOT NULL,
  public boolean NOT NULL,
  m bigint NOT NULL,
  x integer NOT NULL,
  y integer NOT NULL,
  class_id integer NOT NULL,
  status reports_status NOT NULL,
  received date NOT NULL,
  due date
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);

-- Sums by cell of the square grid of `level` (4^level cells on the world; cell: Morton code, -1: no place). n: reports;
-- sx, sy, sid: sums of their coordinates and keys, so that a lone one is known by itself and the middle is exact. They are
-- whole numbers in double precision, which adds much faster than numeric and is exact to 2^53: 33 million reports in a cell.
CREATE TABLE reports_cell (
  public boolean NOT NULL, level smallint NOT NULL, cell bigint NOT NULL, class_id integer NOT NULL, late boolean NOT NULL,
  rank smallint NOT NULL, n integer NOT NULL, sx float8 NOT NULL, sy float8 NOT NULL, sid float8 NOT NULL,
  CONSTRAINT reports_cell_key UNIQUE (public, level, rank, cell, class_id, late)
) WITH (fillfactor = 90);
CREATE TABLE reports_cell_detail (
  public boolean NOT NULL, level smallint NOT NULL, cell bigint NOT NULL, class_id integer NOT NULL, late boolean NOT NULL,
  status reports_status NOT NULL, n integer NOT NULL, sx float8 NOT NULL, sy float8 NOT NULL, sid float8 NOT NULL,
  CONSTRAINT reports_cell_detail_key UNIQUE (public, level, class_id, status, late, cell)
) WITH (fillfactor = 90);
-- period: year * 12 + month from 0, or minus the year for the whole year. status null: all of them.
CREATE TABLE reports_cell_period (
  public boolean NOT NULL, level smallint NOT NULL, cell bigint NOT NULL, class_id integer NOT NULL, late boolean NOT NULL,
  period smallint NOT NULL, status reports_status, n integer NOT NULL, sx float8 NOT NULL, sy float8 NOT NULL, sid float8 NOT NULL,
  CONSTRAINT reports_cell_period_key UNIQUE NULLS NOT DISTINCT (public, level, period, status, class_id, late, cell)
) WITH (fillfactor = 90);

-- Web Mercator, 2^28 units to a side of the world, y southwards. Source: EPSG:3857 (sphere, latitude to 85.0511 degrees).
CREATE FUNCTION reports_grid_x(geometry) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT least(268435455, greatest(0, floor((ST_X($1) + 180) / 360 * 268435456)))::integer
$$;
CREATE FUNCTION reports_grid_y(geometry) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT least(268435455, greatest(0, floor(
    (0.5 - ln(tan(pi() / 4 + radians(least(85.0511, greatest(-85.0511, ST_Y($1)))) / 2)) / (2 * pi())) * 268435456
  )))::integer
$$;
-- The bits of x and y in turn, x lowest: neighbours lie together, a square of the grid is one range.
-- (Written with variables: as one SQL expression it would be copied into itself 32 times, or run ten times slower.)
CREATE FUNCTION reports_morton(x integer, y integer) RETURNS bigint LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  a bigint := x;
  b bigint := y;
BEGIN
  a := (a | (a << 16)) & 281470681808895;      b := (b | (b << 16)) & 281470681808895;
  a := (a | (a << 8)) & 71777214294589695;     b := (b | (b << 8)) & 71777214294589695;
  a := (a | (a << 4)) & 1085102592571150095;   b := (b | (b << 4)) & 1085102592571150095;
  a := (a | (a << 2)) & 3689348814741910323;   b := (b | (b << 2)) & 3689348814741910323;
  a := (a | (a << 1)) & 6148914691236517205;   b := (b | (b << 1)) & 6148914691236517205;
  RETURN a | (b << 1);
END $$;

-- What a report's point is: the one definition, read by the triggers, by the recount and by the rebuild.
CREATE VIEW reports_sorted AS
SELECT r.subject_id AS id, r.kind::text AS kind, r.category_id, r.department_id, r.sector_id, CASE
  WHEN EXISTS (SELECT FROM discussion_subject_further_sectors t WHERE t.subject_id = r.subject_id) THEN ARRAY(
    SELECT t.sector_id FROM discussion_subject_further_sectors t WHERE t.subject_id = r.subject_id
    UNION SELECT r.sector_id ORDER BY 1)
  ELSE ARRAY[r.sector_id] END AS sectors
FROM reports_report r
WHERE r.status = ANY ((SELECT enum_range(NULL::reports_status)::text[])::text[]);

CREATE VIEW reports_point_now AS
SELECT
  r.subject_id AS id, s.reference::bigint AS ref, r.is_public AS public,
  coalesce(reports_morton(reports_grid_x(r.geom), reports_grid_y(r.geom)), -1) AS m,
  coalesce(reports_grid_x(r.geom), -1) AS x, coalesce(reports_grid_y(r.geom), -1) AS y,
  c.id AS class_id, r.status::reports_status AS status, r.area_id, r.assignee_id IS NULL AS unassigned,
  (r.created_at AT TIME ZONE z.zone)::date AS received, r.due_on AS due
FROM reports_report r
JOIN discussion_subject s ON s.id = r.subject_id
JOIN reports_sorted k ON k.id = r.subject_id
JOIN reports_class c ON c.rank = 3 AND c.kind = k.kind AND c.category_id = k.category_id AND c.department_id = k.department_id
  AND c.sector_id = k.sector_id AND c.sectors = k.sectors
CROSS JOIN reports_summary z;

-- Classes that reports need and that are not there yet; ids null: of all reports.
CREATE FUNCTION reports_new_classes(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM reports_sorted k WHERE (ids IS NULL OR k.id = ANY (ids)) AND NOT EXISTS (
      SELECT FROM reports_class c WHERE c.rank = 3 AND c.kind = k.kind AND c.category_id = k.category_id
        AND c.department_id = k.department_id AND c.sector_id = k.sector_id AND c.sectors = k.sectors)
  ) THEN RETURN; END IF;
  INSERT INTO reports_class (rank, kind, sector_id)
    SELECT DISTINCT 1, kind, sector_id FROM reports_sorted WHERE ids IS NULL OR id = ANY (ids)
    ON CONFLICT DO NOTHING;
  INSERT INTO reports_class (rank, kind, sector_id, sectors)
    SELECT DISTINCT 2, kind, sector_id, sectors FROM reports_sorted WHERE ids IS NULL OR id = ANY (ids)
    ON CONFLICT DO NOTHING;
  INSERT INTO reports_class (rank, kind, sector_id, sectors, category_id, department_id, all_id, top_id, coarse_id)
    SELECT DISTINCT 3, k.kind, k.sector_id, k.sectors, k.category_id, k.department_id, a.id, t.id, c.id
    FROM reports_sorted k
    JOIN reports_class a ON a.rank = 0
    JOIN reports_class t ON t.rank = 1 AND t.kind = k.kind AND t.sector_id = k.sector_id
    JOIN reports_class c ON c.rank = 2 AND c.kind = k.kind AND c.sector_id = k.sector_id AND c.sectors = k.sectors
    WHERE ids IS NULL OR k.id = ANY (ids)
    ON CONFLICT DO NOTHING;
END $$;

-- The points of these reports become what they now are; what changed is appended to the delta.
CREATE FUNCTION reports_points_follow(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM reports_new_classes(ids);
  WITH
    now AS MATERIALIZED (SELECT * FROM reports_point_now WHERE id = ANY (ids)),
    was AS MATERIALIZED (SELECT * FROM reports_point WHERE id = ANY (ids)),
    gone AS (SELECT was.* FROM was LEFT JOIN now USING (id) WHERE was IS DISTINCT FROM now),
    come AS (SELECT now.* FROM now LEFT JOIN was USING (id) WHERE was IS DISTINCT FROM now),
    deleted AS (DELETE FROM reports_point p USING gone WHERE p.id = gone.id AND NOT EXISTS (SELECT FROM come WHERE come.id = p.id)),
    written AS (
      INSERT INTO reports_point SELECT * FROM come
      ON CONFLICT (id) DO UPDATE SET ref = excluded.ref, public = excluded.public, m = excluded.m, x = excluded.x, y = excluded.y,
        class_id = excluded.class_id, status = excluded.status, area_id = excluded.area_id, unassigned = excluded.unassigned,
        received = excluded.received, due = excluded.due
    )
  INSERT INTO reports_delta (sign, id, public, m, x, y, class_id, status, received, due)
    SELECT -1, id, public, m, x, y, class_id, status, received, due FROM gone
    UNION ALL SELECT 1, id, public, m, x, y, class_id, status, received, due FROM come;
END $$;

CREATE FUNCTION reports_report_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM reports_points_follow(ARRAY(SELECT subject_id FROM changed));
  RETURN NULL;
END $$;
CREATE TRIGGER points_insert AFTER INSERT ON reports_report REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION reports_report_changed();
CREATE TRIGGER points_update AFTER UPDATE ON reports_report REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION reports_report_changed();
CREATE TRIGGER points_delete AFTER DELETE ON reports_report REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION reports_report_changed();

CREATE FUNCTION reports_sectors_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM reports_points_follow(ARRAY(SELECT c.subject_id FROM changed c JOIN reports_report r ON r.subject_id = c.subject_id));
  RETURN NULL;
END $$;
CREATE TRIGGER points_insert AFTER INSERT ON discussion_subject_further_sectors REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION reports_sectors_changed();
CREATE TRIGGER points_delete AFTER DELETE ON discussion_subject_further_sectors REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION reports_sectors_changed();
