-- The window looks at the file after every look at a service, most of which bring nothing: this tells
-- whether what it knows is still so.
ALTER TABLE state ADD COLUMN looked INTEGER NOT NULL DEFAULT 0;
