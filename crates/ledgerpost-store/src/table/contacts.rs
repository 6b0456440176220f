//! The list of contacts: each customer with what became of them.

use ledgerpost_core::MemberHash;
use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::ids::CustomerId;
use rusqlite::{Row, params};

use crate::company::CompanyStore;
use crate::error::Result;
use crate::json;
use crate::table::search::query_of;

const TABLE: &str = "customers";

/// A customer with what became of them. No `Debug`: it holds personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// The customer.
    pub customer: CustomerId,
    /// Their name.
    pub name: String,
    /// The address they are known by in Mailchimp, else the e-mail field as typed.
    pub email: Option<String>,
    /// The contact they became.
    pub contact: Option<MemberHash>,
    /// The contact's status, as last read.
    pub status: Option<MemberStatus>,
    /// How many orders of the contact are in Mailchimp.
    pub orders: u64,
    /// Why the customer stays out ([`ledgerpost_core::skip::SkipReason::code`]).
    pub skip: Option<String>,
}

/// Which contacts to list; `None` is no restriction.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ContactFilter {
    /// Only those that match these words, as in a search.
    pub text: Option<String>,
    /// Only those with this status.
    pub status: Option<MemberStatus>,
    /// Only those who stay out for this reason.
    pub skip: Option<String>,
    /// Only those who stay out (`true`) or do not (`false`).
    pub skipped: Option<bool>,
}

/// Where a page of contacts ended.
#[derive(Clone, PartialEq, Eq)]
pub struct ContactCursor {
    name: String,
    customer: CustomerId,
}

impl ContactRow {
    /// The cursor to go on after this row.
    pub fn cursor(&self) -> ContactCursor {
        ContactCursor {
            name: self.name.clone(),
            customer: self.customer.clone(),
        }
    }
}

const SELECT: &str = "
    SELECT c.id, c.name, COALESCE(l.email, c.email), l.hash, m.status,
        (SELECT COUNT(*) FROM order_bodies b JOIN order_links o ON o.key = b.key
          WHERE b.contact = l.hash AND o.present = 1),
        s.code
    FROM customers c
    LEFT JOIN contact_links l ON l.hash =
        (SELECT hash FROM link_customers WHERE customer = c.id ORDER BY hash LIMIT 1)
    LEFT JOIN members m ON m.hash = l.hash
    LEFT JOIN skips s ON s.seq =
        (SELECT MIN(seq) FROM skips WHERE subject = 'customer' AND key = c.id)
    WHERE (c.name COLLATE NOCASE, c.id) > (?1, ?2)
      AND (?3 IS NULL OR m.status = ?3)
      AND (?4 IS NULL OR s.code = ?4)
      AND (?5 IS NULL OR (s.code IS NOT NULL) = ?5)";
const MATCHING: &str =
    " AND c.row IN (SELECT rowid FROM customer_words WHERE customer_words MATCH ?7)";
const ORDER: &str = " ORDER BY c.name COLLATE NOCASE, c.id LIMIT ?6";

impl CompanyStore {
    /// Contacts by name, after a cursor.
    pub fn contacts(
        &self,
        filter: &ContactFilter,
        after: Option<&ContactCursor>,
        limit: usize,
    ) -> Result<Vec<ContactRow>> {
        let name = after.map_or("", |cursor| cursor.name.as_str());
        let id = after.map_or("", |cursor| cursor.customer.as_str());
        let status = filter.status.map(MemberStatus::as_str);
        let limit = json::integer(limit);
        let words = filter.text.as_deref().and_then(query_of);
        let matching = if words.is_some() { MATCHING } else { "" };
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT}{matching}{ORDER}"))?;
        let mut rows = match &words {
            Some(words) => statement.query(params![
                name,
                id,
                status,
                filter.skip,
                filter.skipped,
                limit,
                words
            ])?,
            None => statement.query(params![
                name,
                id,
                status,
                filter.skip,
                filter.skipped,
                limit
            ])?,
        };
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            page.push(read(row)?);
        }
        Ok(page)
    }
}

fn read(row: &Row<'_>) -> Result<ContactRow> {
    let contact: Option<String> = row.get(3)?;
    let status: Option<String> = row.get(4)?;
    Ok(ContactRow {
        customer: CustomerId::new(json::text(TABLE, row, 0)?),
        name: row.get(1)?,
        email: row.get(2)?,
        contact: contact.map(MemberHash::from_stored),
        status: status
            .map(|status| json::word("members", &status))
            .transpose()?,
        orders: json::count("order_links", row.get(5)?)?,
        skip: row.get(6)?,
    })
}

#[cfg(test)]
mod tests {
    use ledgerpost_core::skip::{Skip, SkipReason, SkipSubject};

    use super::*;
    use crate::testing::{contact_link, customer, member, order_body, order_link, scene};
    use crate::{Effect, Error, SkipFilter};

    #[test]
    fn lists_customers_with_what_became_of_them() {
        let scene = scene();
        let store = &scene.store;
        let ada = customer("1", "ada", Some("Ada@x.test"));
        let bob = customer("2", "Bob", None);
        let cy = customer("3", "Cy", Some("cy@x.test"));
        let body = order_body("inv_1", "ada@x.test", 5);
        let skip = Skip {
            subject: SkipSubject::Customer,
            key: "2".to_owned(),
            title: "Bob".to_owned(),
            reason: SkipReason::NoEmail,
            amount: None,
            currency: None,
        };
        store
            .write(|write| {
                write.store_customers([(&cy, "{}"), (&bob, "{}"), (&ada, "{}")])?;
                write.store_members([&member("ada@x.test", MemberStatus::Unsubscribed)])?;
                write.apply_effects(&[
                    Effect::PutContactLink(contact_link("ada@x.test", &["1"])),
                    Effect::PutOrderLink {
                        link: order_link(&body),
                        body: Some(body),
                    },
                ])?;
                write.clear_skips()?;
                write.append_skips(std::slice::from_ref(&skip))
            })
            .unwrap();
        let names = |filter: &ContactFilter| -> Vec<String> {
            let mut names = Vec::new();
            let mut after = None;
            loop {
                let page = store.contacts(filter, after.as_ref(), 1).unwrap();
                let Some(row) = page.last() else { return names };
                names.push(row.name.clone());
                after = Some(row.cursor());
            }
        };
        assert_eq!(names(&ContactFilter::default()), ["ada", "Bob", "Cy"]);
        let only = |change: fn(&mut ContactFilter)| {
            let mut filter = ContactFilter::default();
            change(&mut filter);
            names(&filter)
        };
        assert_eq!(
            only(|f| f.status = Some(MemberStatus::Unsubscribed)),
            ["ada"]
        );
        assert_eq!(only(|f| f.skip = Some("no_email".to_owned())), ["Bob"]);
        assert_eq!(only(|f| f.skipped = Some(false)), ["ada", "Cy"]);
        assert_eq!(only(|f| f.text = Some("cy@".to_owned())), ["Cy"]);
        let page = store.contacts(&ContactFilter::default(), None, 9).unwrap();
        assert_eq!(page[0].email.as_deref(), Some("ada@x.test"));
        assert_eq!(page[0].orders, 1);
        assert_eq!(page[1].skip.as_deref(), Some("no_email"));
        assert_eq!(page[2].status, None);

        assert_eq!(
            store.skips(&SkipFilter::default(), 0, 9).unwrap()[0].skip,
            skip
        );
        assert_eq!(store.skips_of(SkipSubject::Customer, "2").unwrap().len(), 1);
        assert_eq!(store.skip_counts().unwrap()[0].count, 1);
        store
            .write(|write| {
                write.clear_skips()?;
                Ok::<_, Error>(())
            })
            .unwrap();
        assert!(store.skip_counts().unwrap().is_empty());
    }
}
