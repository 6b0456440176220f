//! One SQLite file for each company: mirrors, links, runs, journal, skips, consent, cursors.
