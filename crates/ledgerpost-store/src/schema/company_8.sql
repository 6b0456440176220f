-- Where an owner finds a record that QuickBooks cannot deliver: between which two it was entered, and how
-- many records a row stands for. Words of ours become a kind, so that the window says them in its language.
ALTER TABLE unreadable ADD COLUMN why TEXT NOT NULL DEFAULT 'refused';
ALTER TABLE unreadable ADD COLUMN records INTEGER NOT NULL DEFAULT 1;
ALTER TABLE unreadable ADD COLUMN previous TEXT;
ALTER TABLE unreadable ADD COLUMN following TEXT;
UPDATE unreadable SET why = 'malformed', detail = ''
WHERE detail = 'the record has no usable id, date or amount';
UPDATE unreadable SET why = 'too_large', detail = '' WHERE detail = 'the record is too big to send';
