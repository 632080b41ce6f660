INSERT INTO discussion_subject (id, kind, reference, client_uuid, title, language, visibility, is_public, version,
                                support_count, comment_count, created_at, search, area_id, sector_id)
SELECT n.id, c.kind, n.reference::text, md5('bench ' || n.id)::uuid,
       left(p.text || ', ' || s.text || ' ' || n.house || coalesce(' · ' || r.text, ''), 150), 'bg',
       CASE WHEN n.restricted OR NOT c.public THEN 'restricted' ELSE 'public' END,
       t.public AND c.public AND NOT n.restricted, 1 + (t.ends)::int * 3, n.supports, n.comments, n.created,
       p.search || s.search || b.search || coalesce(r.search, ''::tsvector), n.area, c.sector_id
  FROM staging n
  JOIN bench.phrase p ON p.id = n.phrase
  JOIN reports_category c ON c.id = p.category_id
  JOIN bench.street s ON s.id = n.street
  JOIN bench.body b ON b.id = n.body
  LEFT JOIN bench.rare r ON r.id = n.rare
  JOIN bench.state t ON t.id = n.status
 ORDER BY n.id
