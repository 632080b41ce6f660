INSERT INTO reports_report (subject_id, kind, is_public, sector_id, area_id, created_at, category_id, department_id,
                            assignee_id, status, left_status, status_at, answer_due, answered_on, expected_on, reopen_used,
                            geom, place, approximate, official, channel, public_name, photo_count)
SELECT n.id, c.kind, t.public AND c.public AND NOT n.restricted, c.sector_id, n.area, n.created, c.id, c.department_id,
       CASE WHEN t.has_person THEN o.user_id END, t.code, '', n.status_at,
       nullif(n.answer_due, '2000-01-01'), nullif(n.answered_on, '2000-01-01'), nullif(n.expected_on, '2000-01-01'),
       t.code IN ('reopened', 'reopen_requested'),
       CASE WHEN n.lon <> 0 THEN ST_SetSRID(ST_MakePoint(n.lon, n.lat), 4326) END,
       s.text || ' ' || n.house, false, false, CASE WHEN n.id % 11 = 0 THEN 'phone' ELSE 'web' END, '', n.photos
  FROM staging n
  JOIN bench.phrase p ON p.id = n.phrase
  JOIN reports_category c ON c.id = p.category_id
  JOIN bench.street s ON s.id = n.street
  JOIN bench.state t ON t.id = n.status
  JOIN bench.official o ON o.department_id = c.department_id
 ORDER BY n.id
