//! The schemas. Migrations are append-only: a released file is never edited, the next one is added
//! to the list, and all pending ones run in one transaction together with the version.
//!
//! Times are microseconds since 1970 in UTC; dates are `YYYY-MM-DD`; amounts are decimal literals
//! as text, because a binary float or SQLite's own arithmetic would lose cents. `body` columns hold
//! the core type as JSON.
//!
//! # `companies/<realm>/ledgerpost.sqlite`: one company
//!
//! | table | column | holds |
//! |---|---|---|
//! | `state` | | One row: what exists once per company. |
//! | | `generation` | Rises by one with each transaction that changed what a plan looks at. |
//! | | `looked` | Rises by one with each transaction that changed what lists are made from. |
//! | | `planned_generation` | The generation that the last finished run had planned from; null to plan again. |
//! | | `store` | Our Mailchimp store: `absent`, `syncing`, `live`. |
//! | | `company`, `company_raw` | The company as mapped, and as QuickBooks sent it. |
//! | | `audience`, `audience_raw` | The audience as mapped, and as Mailchimp sent it. |
//! | `customers` | | The QuickBooks customers, inactive ones too. |
//! | | `row` | Ties the row to the full-text index. |
//! | | `id` | QuickBooks id; text, sorts as text. |
//! | | `name`, `person`, `email` | Display name; given, family and company name; e-mail field: for sorting and searching. |
//! | | `body` | `Customer` without `last_sale`, which is derived from `documents_sales`. |
//! | | `kind` | The type of customer, from the body: for lists. |
//! | `items` | `id`, `body` | The QuickBooks items. |
//! | `documents` | | Invoices, receipts, credit memos, refunds; deleted ones are gone from here. |
//! | | `row` | Ties the row to the full-text index. |
//! | | `key` | `inv_<Id>` and so on. |
//! | | `kind`, `sale` | Its kind; 1 for kinds that become orders. |
//! | | `number`, `date`, `customer`, `currency`, `total` | For searching, totals and joins. |
//! | | `body` | `Document` without `credited`, which is derived from `credit_applications`. |
//! | `credit_applications` | | Which credit memo lowered which invoice. |
//! | | `carrier`, `position` | The payment or memo that says so, and the place in its list. |
//! | | `invoice`, `memo`, `amount` | What is lowered, by what, by how much. |
//! | `raw_records` | `entity`, `id`, `raw` | Each record as the service sent it; apart, so that no page read walks over it. |
//! | `unreadable` | | Records that QuickBooks cannot deliver. |
//! | | `entity`, `id` | Its word for their kind; the id, or `#` and the place in the list where even the id is unknown. |
//! | | `why`, `detail`, `at` | `refused`, `too_large`, `malformed`; its words; when it was first met. |
//! | | `records`, `previous`, `following` | How many records it stands for, and the ids between which they were entered. |
//! | `members` | | The audience's members, archived ones too. |
//! | | `hash`, `status`, `body` | Key, status, and `Member` without `last_changed`. |
//! | | `last_changed` | Apart, because our own writes move it and that is no change. |
//! | | `tags` | A JSON list of names, from the body: for lists. |
//! | `comparisons` | `entity`, `begun_at` | Full compares that are under way. |
//! | `seen` | `entity`, `id` | What a full compare has met so far. |
//! | `cursors` | `name`, `value`, `moved_at` | How far each gather got. |
//! | `contact_links` | | Contacts that a sync has written or tied. |
//! | | `hash`, `email` | The member. |
//! | | `fingerprint` | Of the mapped fields last written or found equal. |
//! | | `created_by_us` | Whether we created the member. |
//! | | `tag`, `tagged` | Our tag that it was given or had, and whether there is one. |
//! | | `refused` | Mailchimp's words, when it refused. |
//! | | `forgotten` | Whether it did because of a permanent deletion. |
//! | `link_customers` | `hash`, `position`, `customer` | The customers that share a contact; position 0 named it. |
//! | `product_links` | `id`, `fingerprint`, `refused`, `body` | Products written or refused, and the `ProductBody` last written. |
//! | `order_links` | `key`, `fingerprint`, `present`, `refused` | Orders written or refused; `present` when one exists in Mailchimp. |
//! | `order_bodies` | | What was last written for an order; apart, because plans page through the links alone. |
//! | | `key`, `contact`, `date`, `currency`, `total` | For totals and counts. |
//! | | `customer` | Whose document it was when it was last written. |
//! | | `body` | `OrderBody`. |
//! | `runs` | | One row per run. |
//! | | `number` | Its id; six digits as text. |
//! | | `kind`, `state` | What for, how far. |
//! | | `started_at`, `finished_at`, `failure` | When, and the code of the error that ended it. |
//! | | `counts`, `requests` | Figures of the run, and calls per service: JSON objects of numbers. |
//! | | `undoes` | The run that it takes back. |
//! | `changes` | | The journal. |
//! | | `row` | Ties the row to its body. |
//! | | `run`, `seq` | The run, and the place in its plan. |
//! | | `stage`, `code`, `key`, `title`, `reason` | Of the change, for filters. |
//! | | `outcome`, `detail`, `batch`, `at` | How it ended, the service's words, the batch it was sent in, when that was last known. |
//! | `change_bodies` | `row`, `body` | `Change`; apart, because outcomes are written more often than changes. |
//! | `skips` | | What the latest plan leaves out. |
//! | | `seq` | The place in the plan. |
//! | | `subject`, `key`, `title` | The record. |
//! | | `code`, `reason` | Why; `reason` is `SkipReason` as JSON. |
//! | | `amount`, `currency` | What it explains of the difference of the totals. |
//! | `consent_entries` | | Who got which status; rows can be added only, triggers refuse the rest. |
//! | | `hash`, `email`, `status`, `at`, `grounds`, `run`, `how` | Whom, what, when, why, in which run, by which act. |
//! | | `basis` | The parts of the grounds as JSON, where they are ours. |
//! | `attention` | | What a person should look at. |
//! | | `code`, `subject`, `params` | What, about what, figures for the text. At most one open row for a code and subject. |
//! | | `opened_at`, `resolved_at` | From when to when. |
//! | `meter` | `month`, `service`, `calls` | Calls that cost, by month `YYYY-MM`. |
//! | `customer_types` | `id`, `name` | QuickBooks' types of customers. |
//! | `customer_figures` | | For lists; kept by triggers, except for `touched_at`. |
//! | | `customer`, `orders`, `total` | How many orders of a customer's documents are in Mailchimp, and what they amount to. |
//! | | `touched_at` | When a run last changed something about the customer in Mailchimp. |
//! | `document_sums`, `order_sums` | `month`, `kind`, `currency`, `count`, `total` | Totals by month, kept by triggers; `kind` of an order is the prefix of its key. |
//! | `skip_sums` | `month`, `kind`, `code`, `because`, `currency`, `count`, `total` | The documents among the skips, added up when a plan is complete. |
//! | `left_alone_since` | `customer`, `code`, `since` | Since when a customer stays out for a reason. |
//! | `audience_months` | `month`, `contacts` | How many customers were in the audience when the last run of the month ended. |
//! | `customer_words`, `document_words` | | Full-text index over the rows above, kept in step by triggers. |
//!
//! # `ledgerpost.sqlite`: what spans companies
//!
//! | table | column | holds |
//! |---|---|---|
//! | `companies` | `realm`, `name`, `added_at` | The companies that were signed in to. |
//! | `accounts` | `id`, `name`, `api_base`, `added_at` | The Mailchimp accounts that were signed in to, and where their API answers. |
//! | `connections` | | A company tied to an audience. |
//! | | `realm`, `account`, `audience_id`, `audience_name` | What is tied. |
//! | | `state` | `draft`, `ready`, `paused`, `disconnected`. |
//! | | `settings` | `Settings` as JSON. |
//! | | `needs_approval` | Whether the next plan waits for a yes. |
//! | | `approved_at`, `approved_changes` | The last yes, and how large that plan was. |
//! | | `created_at` | When it was tied. |
//! | `notes` | `name`, `body` | What the window remembers, as JSON by name: preferences, a set-up as far as it is. |

use rusqlite_migration::{M, Migrations};

const COMPANY: &[&str] = &[
    include_str!("schema/company_1.sql"),
    include_str!("schema/company_2.sql"),
    include_str!("schema/company_3.sql"),
    include_str!("schema/company_4.sql"),
    include_str!("schema/company_5.sql"),
    include_str!("schema/company_6.sql"),
    include_str!("schema/company_7.sql"),
    include_str!("schema/company_8.sql"),
];
const REGISTRY: &[&str] = &[
    include_str!("schema/registry_1.sql"),
    include_str!("schema/registry_2.sql"),
];

/// Which of the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Schema {
    /// One company.
    Company,
    /// What spans companies.
    Registry,
}

impl Schema {
    /// The version that this program writes.
    pub(crate) const fn version(self) -> usize {
        self.steps().len()
    }

    pub(crate) fn migrations(self) -> Migrations<'static> {
        self.steps().iter().map(|sql| M::up(sql)).collect()
    }

    const fn steps(self) -> &'static [&'static str] {
        match self {
            Self::Company => COMPANY,
            Self::Registry => REGISTRY,
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    /// What each released version of the company's file may hold. A new version adds an entry and
    /// never edits an old one.
    const COMPANY_ROWS: &[&str] = &[
        include_str!("schema/company_1_rows.sql"),
        concat!(
            include_str!("schema/company_1_rows.sql"),
            include_str!("schema/company_2_rows.sql")
        ),
        concat!(
            include_str!("schema/company_1_rows.sql"),
            include_str!("schema/company_2_rows.sql"),
            include_str!("schema/company_3_rows.sql")
        ),
        concat!(
            include_str!("schema/company_4_rows.sql"),
            include_str!("schema/company_2_rows.sql"),
            include_str!("schema/company_3_rows.sql")
        ),
        // Version 5 added a column to the one row of `state`.
        concat!(
            include_str!("schema/company_4_rows.sql"),
            include_str!("schema/company_2_rows.sql"),
            include_str!("schema/company_3_rows.sql")
        ),
        // Version 6 added a column to `contact_links`, version 7 one to `consent_entries`, version 8 some
        // to `unreadable`.
        concat!(
            include_str!("schema/company_4_rows.sql"),
            include_str!("schema/company_2_rows.sql"),
            include_str!("schema/company_3_rows.sql")
        ),
        concat!(
            include_str!("schema/company_4_rows.sql"),
            include_str!("schema/company_2_rows.sql"),
            include_str!("schema/company_3_rows.sql")
        ),
        concat!(
            include_str!("schema/company_4_rows.sql"),
            include_str!("schema/company_2_rows.sql"),
            include_str!("schema/company_3_rows.sql")
        ),
    ];

    fn dump_schema(connection: &Connection) -> String {
        let mut statement = connection
            .prepare(
                "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL
                 AND name NOT LIKE '%_words_%' ORDER BY type, name",
            )
            .unwrap();
        let lines: Vec<String> = statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        lines.join(";\n")
    }

    fn row_counts(connection: &Connection) -> Vec<(String, i64)> {
        let mut statement = connection
            .prepare(
                "SELECT name FROM pragma_table_list
                 WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
            )
            .unwrap();
        let names: Vec<String> = statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        names
            .into_iter()
            .map(|name| {
                let sql = format!("SELECT COUNT(*) FROM {name}");
                let count = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
                (name, count)
            })
            .collect()
    }

    #[test]
    fn migrations_are_valid() {
        Schema::Company.migrations().validate().unwrap();
        Schema::Registry.migrations().validate().unwrap();
    }

    #[test]
    fn the_schemas_are_as_recorded() {
        for (name, schema) in [("company", Schema::Company), ("registry", Schema::Registry)] {
            let mut connection = Connection::open_in_memory().unwrap();
            schema.migrations().to_latest(&mut connection).unwrap();
            insta::assert_snapshot!(name, dump_schema(&connection));
        }
    }

    #[test]
    fn every_old_version_comes_up_to_date_with_its_rows() {
        assert_eq!(
            COMPANY_ROWS.len(),
            Schema::Company.version(),
            "each version needs its rows"
        );
        for (version, rows) in (1..).zip(COMPANY_ROWS) {
            let mut connection = Connection::open_in_memory().unwrap();
            let migrations = Schema::Company.migrations();
            migrations.to_version(&mut connection, version).unwrap();
            connection.execute_batch(rows).unwrap();
            let before = row_counts(&connection);
            assert!(
                before.iter().all(|(_, count)| *count > 0),
                "each table of version {version} needs a row: {before:?}"
            );
            migrations.to_latest(&mut connection).unwrap();
            let after = row_counts(&connection);
            for (table, count) in before {
                let kept = after.iter().find(|(name, _)| *name == table);
                assert_eq!(kept.map(|(_, count)| *count), Some(count), "{table}");
            }
        }
    }

    #[test]
    fn an_old_file_knows_who_was_permanently_deleted() {
        let mut connection = Connection::open_in_memory().unwrap();
        let migrations = Schema::Company.migrations();
        migrations.to_version(&mut connection, 5).unwrap();
        connection
            .execute_batch(
                "INSERT INTO contact_links (hash, email, fingerprint, created_by_us, tagged, refused)
                 VALUES ('a', 'ada@shop.test', 'f', 0, 0, 'Ada was permanently deleted and cannot'),
                        ('b', 'bob@shop.test', 'f', 0, 0, 'Bob looks fake'),
                        ('c', 'cy@shop.test', 'f', 1, 0, NULL);",
            )
            .unwrap();
        migrations.to_latest(&mut connection).unwrap();
        let forgotten: String = connection
            .query_row(
                "SELECT group_concat(hash) FROM contact_links WHERE forgotten",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(forgotten, "a");
    }

    #[test]
    fn an_old_file_tells_words_of_ours_from_those_of_quickbooks() {
        let mut connection = Connection::open_in_memory().unwrap();
        let migrations = Schema::Company.migrations();
        migrations.to_version(&mut connection, 7).unwrap();
        connection
            .execute_batch(
                "INSERT INTO unreadable (entity, id, detail, at)
                 VALUES ('Invoice', '#1', 'To email address entered is invalid', 1),
                        ('Invoice', '#2', 'the record is too big to send', 1),
                        ('Invoice', '#3', 'the record has no usable id, date or amount', 1);",
            )
            .unwrap();
        migrations.to_latest(&mut connection).unwrap();
        let kept: String = connection
            .query_row(
                "SELECT group_concat(why || ':' || detail, '; ' ORDER BY id) FROM unreadable",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(
            kept,
            "refused:To email address entered is invalid; too_large:; malformed:"
        );
    }

    #[test]
    fn the_documentation_names_every_table_and_column() {
        let documented = include_str!("schema.rs");
        for schema in [Schema::Company, Schema::Registry] {
            let mut connection = Connection::open_in_memory().unwrap();
            schema.migrations().to_latest(&mut connection).unwrap();
            let mut statement = connection
                .prepare(
                    "SELECT t.name, c.name FROM pragma_table_list t, pragma_table_info(t.name) c
                     WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
                       AND NOT (t.name = 'state' AND c.name = 'id')",
                )
                .unwrap();
            let columns = statement
                .query_map([], |row| {
                    Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
                })
                .unwrap();
            for (table, column) in columns.map(Result::unwrap) {
                assert!(documented.contains(&format!("`{table}`")), "{table}");
                assert!(
                    documented.contains(&format!("`{column}`")),
                    "{table}.{column}"
                );
            }
        }
    }
}
