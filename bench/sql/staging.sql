-- One chunk as numpy drew it: numbers only, every field of a fixed width. 0 stands for none; a place of 0 is no place.
CREATE TEMPORARY TABLE IF NOT EXISTS staging (
  id bigint, reference bigint, phrase int, street int, house int, body int, rare int, area bigint, further bigint,
  lon float8, lat float8, created timestamptz, status_at timestamptz, status int, restricted boolean,
  answer_due date, answered_on date, expected_on date, supports int, comments int, photos int);
TRUNCATE staging;
