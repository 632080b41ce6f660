-- The parent of a measure is a programme: a column that says nothing else is half of the key, so no row can lie.
ALTER TABLE participation_policy ADD COLUMN parent_level varchar(9) GENERATED ALWAYS AS ('programme') STORED;
ALTER TABLE participation_policy ADD CONSTRAINT policy_key_with_level UNIQUE (subject_id, level);
ALTER TABLE participation_policy ADD CONSTRAINT policy_parent_is_programme
    FOREIGN KEY (parent_id, parent_level) REFERENCES participation_policy (subject_id, level);
