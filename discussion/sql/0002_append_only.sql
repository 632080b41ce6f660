-- A timeline row is appended, never edited: only told_at (the outbox's mark) may change.
-- Rows go only with a report that was never confirmed; that one verb sets geoportal.expiring for its transaction.
CREATE FUNCTION discussion_timeline_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF current_setting('geoportal.expiring', true) = 'on' THEN
      RETURN OLD;
    END IF;
    RAISE EXCEPTION 'timeline rows are never deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (to_jsonb(NEW) - 'told_at') IS DISTINCT FROM (to_jsonb(OLD) - 'told_at') THEN
    RAISE EXCEPTION 'timeline rows are never edited' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON discussion_timelinerow
  FOR EACH ROW EXECUTE FUNCTION discussion_timeline_append_only();
