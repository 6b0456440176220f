-- Grounds that are ours and not the owner's, in parts, so that the window says them in its language.
ALTER TABLE consent_entries ADD COLUMN basis TEXT;
