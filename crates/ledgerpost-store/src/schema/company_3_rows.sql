-- Rows that version 3 may hold beyond those of version 2; for the upgrade test.
INSERT INTO contact_links (hash, email, fingerprint, created_by_us, tagged, tag, refused)
VALUES ('g', 'bob@shop.test', 'f', 1, 1, 'Books', NULL);
