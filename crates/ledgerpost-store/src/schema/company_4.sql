-- What a change is stands apart from how far it is: its outcome is written three times, and each time
-- would write the whole change to the disk again.
CREATE TABLE change_bodies (
    row INTEGER PRIMARY KEY REFERENCES changes (row) ON DELETE CASCADE,
    body TEXT NOT NULL
) STRICT;
INSERT INTO change_bodies (row, body) SELECT row, body FROM changes;
ALTER TABLE changes DROP COLUMN body;
