-- What was asked stays as it was asked: questions change only while their survey is being prepared.
CREATE FUNCTION participation_question_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  asked participation_question;
BEGIN
  IF TG_OP = 'DELETE' THEN asked := OLD; ELSE asked := NEW; END IF;
  IF EXISTS (SELECT FROM participation_survey s WHERE s.subject_id = asked.survey_id AND s.status <> 'preparing') THEN
    RAISE EXCEPTION 'the survey is open: its questions stay' USING ERRCODE = 'check_violation', CONSTRAINT = 'question_stays';
  END IF;
  RETURN asked;
END $$;
CREATE TRIGGER question_stays BEFORE INSERT OR UPDATE OR DELETE ON participation_question
  FOR EACH ROW EXECUTE FUNCTION participation_question_stays();

-- A mark lies within its question's area, else within the municipality; and an answer is to a question of its own survey.
CREATE FUNCTION participation_reply_inside() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  shape geometry := coalesce(NEW.point, NEW.line, NEW.polygon);
  within geometry;
BEGIN
  IF NOT EXISTS (SELECT FROM participation_question q JOIN participation_response r ON r.survey_id = q.survey_id
                  WHERE q.id = NEW.question_id AND r.id = NEW.response_id) THEN
    RAISE EXCEPTION 'the question is of another survey' USING ERRCODE = 'check_violation', CONSTRAINT = 'reply_survey';
  END IF;
  IF shape IS NOT NULL THEN
    SELECT coalesce(q.area, (SELECT a.polygon FROM municipality_area a WHERE a.parent_id IS NULL)) INTO within
      FROM participation_question q WHERE q.id = NEW.question_id;
    IF within IS NOT NULL AND NOT ST_CoveredBy(shape, within) THEN
      RAISE EXCEPTION 'the mark lies outside the area' USING ERRCODE = 'check_violation', CONSTRAINT = 'reply_inside';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reply_inside BEFORE INSERT OR UPDATE ON participation_reply
  FOR EACH ROW EXECUTE FUNCTION participation_reply_inside();
