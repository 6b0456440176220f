-- Who was permanently deleted in Mailchimp can be added by nobody but themselves. Until now the words
-- of the refusal were all that told.
ALTER TABLE contact_links ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;
UPDATE contact_links SET forgotten = 1 WHERE refused LIKE '%was permanently deleted%';
CREATE INDEX contact_links_forgotten ON contact_links (hash) WHERE forgotten;
