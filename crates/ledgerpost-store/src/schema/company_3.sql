-- Which tag a contact was given: another name in the settings is another tag. Until now it was the
-- only one that there was to choose.
ALTER TABLE contact_links ADD COLUMN tag TEXT;
UPDATE contact_links SET tag = 'QuickBooks Online' WHERE tagged;
