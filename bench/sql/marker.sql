-- What the generator keeps for itself, apart from the product's tables.
CREATE SCHEMA bench;
CREATE TABLE bench.setting (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE bench.chunk (number int PRIMARY KEY, rows int NOT NULL, done_at timestamptz NOT NULL DEFAULT now());
-- Indexes and constraints taken away for the load, with the words that bring them back.
CREATE TABLE bench.definition (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, on_table text NOT NULL, name text NOT NULL, is_key boolean NOT NULL,
  removes text NOT NULL, makes text NOT NULL);
CREATE TABLE bench.phrase (
  id int PRIMARY KEY, category_id bigint NOT NULL, text text NOT NULL, search tsvector NOT NULL);
CREATE TABLE bench.street (id int PRIMARY KEY, text text NOT NULL, search tsvector NOT NULL);
CREATE TABLE bench.body (id int PRIMARY KEY, search tsvector NOT NULL);
CREATE TABLE bench.rare (id int PRIMARY KEY, text text NOT NULL, search tsvector NOT NULL);
CREATE TABLE bench.official (department_id bigint PRIMARY KEY, user_id bigint NOT NULL);
CREATE TABLE bench.state (
  id int PRIMARY KEY, code text NOT NULL, public boolean NOT NULL, ends boolean NOT NULL, has_person boolean NOT NULL);
