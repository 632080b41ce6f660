INSERT INTO discussion_subject_further_sectors (subject_id, sector_id)
SELECT n.id, n.further
  FROM staging n JOIN bench.phrase p ON p.id = n.phrase JOIN reports_category c ON c.id = p.category_id
 WHERE n.further <> 0 AND n.further <> c.sector_id
