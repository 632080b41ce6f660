-- The report's copies of Subject's facts follow them; nobody else writes them.
ALTER TABLE reports_report ADD CONSTRAINT report_facts
  FOREIGN KEY (subject_id, is_public, sector_id, area_id, created_at)
  REFERENCES discussion_subject (id, is_public, sector_id, area_id, created_at) ON UPDATE CASCADE;
-- An assigned person belongs to the assigned department.
ALTER TABLE reports_report ADD CONSTRAINT report_assignee_of_department
  FOREIGN KEY (assignee_id, department_id) REFERENCES accounts_membership (user_id, organisation_id);
