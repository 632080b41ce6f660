-- What a peer is shown: the public reports with the facts of our list, and for tiles the few columns of our tiles.
CREATE OR REPLACE VIEW bench.reports AS
SELECT r.subject_id AS id, s.reference, s.title, s.language, r.kind, r.status, r.created_at, r.status_at, r.due_on, r.expected_on,
       r.place, r.approximate, r.photo_count, s.support_count, s.comment_count, e.slug AS sector, c.slug AS category,
       a.slug AS area, o.slug AS department, r.geom
  FROM reports_report r
  JOIN discussion_subject s ON s.id = r.subject_id
  JOIN municipality_sector e ON e.id = r.sector_id
  JOIN reports_category c ON c.id = r.category_id
  JOIN municipality_area a ON a.id = r.area_id
  JOIN municipality_organisation o ON o.id = r.department_id
 WHERE r.is_public;
CREATE OR REPLACE VIEW bench.points AS
SELECT r.subject_id AS id, r.kind, r.status, r.sector_id, r.geom FROM reports_report r WHERE r.is_public AND r.geom IS NOT NULL;
