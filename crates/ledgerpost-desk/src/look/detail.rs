//! Everything about one customer.

use ledgerpost_core::MemberHash;
use ledgerpost_core::change::Basis as CoreBasis;
use ledgerpost_core::destination::Member;
use ledgerpost_core::email::EmailField;
use ledgerpost_core::ids::CustomerId;
use ledgerpost_core::link::ContactLink;
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_core::settings::Settings;
use ledgerpost_core::skip::{SkipReason, SkipSubject};
use ledgerpost_core::source::{Customer, Document};
use ledgerpost_ipc::contacts::{
    Basis, ConsentRow, ContactDetail, ContactRow, ContactState, HistoryRow, MemberStatus, Named,
    OrderRow, Side, SideField, SkipCode,
};

use super::codes::{created_status, document_kind, skip_code};
use super::convert::{count, money, one_line, source_line};
use super::error::LookError;
use super::index::hash_of;
use super::order::sort_key;
use super::settings::condition_to_wire;
use super::{Kept, Look, service_words};

/// The longest list in the detail.
const LONGEST_LIST: usize = 100;

impl Look {
    /// Everything about one customer.
    ///
    /// # Errors
    /// [`LookError::NotFound`], and the file's.
    pub fn read_contact(
        &self,
        customer: &str,
        settings: &Settings,
    ) -> Result<ContactDetail, LookError> {
        const MISSING: LookError = LookError::NotFound { what: "customer" };
        let kept = self.kept()?;
        let id = CustomerId::from(customer);
        let record = self.store.customer(&id)?.ok_or(MISSING)?;
        let place = self.store.customer_row(&id)?.ok_or(MISSING)?;
        let place = kept.index.at_row(place).ok_or(MISSING)? as usize;
        let entry = &kept.index.entries[place];
        let hash = entry
            .contact
            .map(|hash| MemberHash::from_stored(hash_of(hash)));
        let (link, member) = match &hash {
            Some(hash) => (self.store.contact_link(hash)?, self.store.member(hash)?),
            None => (None, None),
        };
        let row = self.contact_row(&kept, place)?;
        let (left_out, amount) = self.store.left_out_with(&id)?;
        let shares = row.state == ContactState::SharesEmail;
        let (belongs_to, shared_with) = self.others(&id, link.as_ref(), shares)?;
        let sales = self.store.sales_of(&id, LONGEST_LIST)?;
        Ok(ContactDetail {
            reason_detail: self.reason_detail(&id)?,
            documents_left_out: count(left_out),
            documents_left_out_total: (left_out > 0).then(|| money(amount, &kept.about.currency)),
            belongs_to,
            shared_with,
            sides: sides(&record, row.email.as_deref(), member.as_ref()),
            in_mailchimp: member.is_some(),
            history: self.history(hash.as_ref(), &sales)?,
            orders: self.orders(sales, &kept)?,
            consents: self.consents(hash.as_ref())?,
            left_alone_by_owner: settings.left_alone.contains(&id),
            sign_up_form: if only_they_can_return(&row) {
                self.store
                    .audience()?
                    .and_then(|audience| audience.sign_up_form)
            } else {
                None
            },
            row,
        })
    }

    /// What the owner typed, or what a service said.
    fn reason_detail(&self, id: &CustomerId) -> Result<Option<String>, LookError> {
        let skips = self.store.skips_of(SkipSubject::Customer, id.as_str())?;
        Ok(skips
            .into_iter()
            .find_map(|skipped| match skipped.skip.reason {
                SkipReason::InvalidEmail { typed } => Some(typed),
                SkipReason::Refused { detail } | SkipReason::Forgotten { detail } => {
                    service_words(&detail)
                }
                _ => None,
            }))
    }

    /// The customer whose contact this is, and those who share it.
    fn others(
        &self,
        id: &CustomerId,
        link: Option<&ContactLink>,
        shares: bool,
    ) -> Result<(Option<Named>, Vec<Named>), LookError> {
        let Some(link) = link else {
            return Ok((None, Vec::new()));
        };
        let mut named = Vec::new();
        for other in link.customers.iter().filter(|other| *other != id) {
            if let Some(name) = self.store.customer_name(other)? {
                named.push(Named {
                    customer: other.as_str().to_owned(),
                    name,
                });
            }
        }
        let first = link.customers.first().map(CustomerId::as_str);
        let belongs_to = named
            .iter()
            .position(|other| shares && Some(other.customer.as_str()) == first)
            .map(|place| named.remove(place));
        Ok((belongs_to, named))
    }

    fn orders(&self, sales: Vec<Document>, kept: &Kept) -> Result<Vec<OrderRow>, LookError> {
        let mut orders = Vec::new();
        for sale in sales {
            let sent = self
                .store
                .order_link(&sale.key)?
                .is_some_and(|link| link.exists);
            let skips = self
                .store
                .skips_of(SkipSubject::Document, sale.key.as_str())?;
            let reason = skips
                .first()
                .and_then(|row| skip_code(row.skip.reason.code()));
            let currency = sale.currency.as_ref().unwrap_or(&kept.about.currency);
            orders.push(OrderRow {
                total: money(sale.total - sale.credited, currency),
                document: sale.key.as_str().to_owned(),
                kind: document_kind(sale.kind),
                number: sale.number,
                date: sale.date,
                sent,
                reason,
            });
        }
        Ok(orders)
    }

    /// What was done to the contact and to the orders, newest first.
    fn history(
        &self,
        hash: Option<&MemberHash>,
        sales: &[Document],
    ) -> Result<Vec<HistoryRow>, LookError> {
        let keys = hash
            .map(MemberHash::as_str)
            .into_iter()
            .chain(sales.iter().map(|sale| sale.key.as_str()));
        let mut entries = Vec::new();
        for key in keys {
            entries.extend(self.store.changes_of(key, LONGEST_LIST)?);
        }
        entries
            .sort_by(|(run, one), (other_run, other)| (other_run, other.seq).cmp(&(run, one.seq)));
        entries
            .into_iter()
            .take(LONGEST_LIST)
            .map(|(run, entry)| {
                Ok(HistoryRow {
                    run: run.as_str().to_owned(),
                    at: entry.at,
                    change: self.change_row(&entry)?,
                })
            })
            .collect()
    }

    fn consents(&self, hash: Option<&MemberHash>) -> Result<Vec<ConsentRow>, LookError> {
        let Some(hash) = hash else {
            return Ok(Vec::new());
        };
        let mut entries = self.store.consent_entries_of(hash)?;
        entries.reverse();
        Ok(entries
            .into_iter()
            .map(|entry| ConsentRow {
                at: entry.at,
                status: match entry.how {
                    ledgerpost_store::ConsentAct::Created => created_status(entry.status),
                    ledgerpost_store::ConsentAct::Archived => {
                        ledgerpost_ipc::contacts::MemberStatus::Archived
                    }
                },
                grounds: Some(entry.grounds).filter(|grounds| !grounds.is_empty()),
                basis: entry.basis.as_ref().map(basis_to_wire),
            })
            .collect())
    }
}

fn basis_to_wire(basis: &CoreBasis) -> Basis {
    match basis {
        CoreBasis::AllNew => Basis::AllNew,
        CoreBasis::FormerAddress => Basis::FormerAddress,
        CoreBasis::Rule { when } => Basis::Rule {
            when: condition_to_wire(when),
        },
        CoreBasis::TakenBack => Basis::TakenBack,
    }
}

/// Whether Mailchimp lets nobody else bring them back (`mailchimp.md` 3.5).
fn only_they_can_return(row: &ContactRow) -> bool {
    let closed = |reason| {
        matches!(
            reason,
            SkipCode::Archived
                | SkipCode::Cleaned
                | SkipCode::ContactClosed
                | SkipCode::Deleted
                | SkipCode::Refused
                | SkipCode::Forgotten
        )
    };
    row.status == Some(MemberStatus::Unsubscribed) || row.reason.is_some_and(closed)
}

/// The two sides, field by field. Fields that neither side has are left out.
fn sides(customer: &Customer, email: Option<&str>, member: Option<&Member>) -> Vec<Side> {
    let fields = member.map(|member| &member.fields);
    let full = |first: Option<&String>, last: Option<&String>| {
        let parts: Vec<&str> = [first, last]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    };
    let name = full(customer.given_name.as_ref(), customer.family_name.as_ref())
        .unwrap_or_else(|| customer.display_name.clone());
    let own = own_address(customer).or_else(|| email.map(str::to_owned));
    let rows = [
        (
            SideField::Name,
            Some(name),
            fields.and_then(|fields| full(fields.first_name.as_ref(), fields.last_name.as_ref())),
        ),
        (
            SideField::Email,
            own,
            member.map(|member| member.email.clone()),
        ),
        (
            SideField::Address,
            customer.address.as_ref().and_then(source_line),
            fields.and_then(|fields| fields.address.as_ref().map(one_line)),
        ),
        (
            SideField::Phone,
            customer.phone.clone(),
            fields.and_then(|fields| fields.phone.clone()),
        ),
    ];
    rows.into_iter()
        .filter(|(_, quickbooks, mailchimp)| quickbooks.is_some() || mailchimp.is_some())
        .map(|(field, quickbooks, mailchimp)| Side {
            field,
            differs: differs(field, quickbooks.as_deref(), mailchimp.as_deref()),
            quickbooks,
            mailchimp,
        })
        .collect()
}

/// The address in the customer's own field, without that of a customer above.
fn own_address(customer: &Customer) -> Option<String> {
    let field = customer.email_field.as_deref()?;
    let split = EmailField::parse(field);
    let first = split.valid.first();
    first
        .map(|email| email.as_str().to_owned())
        .or_else(|| Some(field.trim().to_owned()).filter(|typed| !typed.is_empty()))
}

/// Whether two values say different things. A side that says nothing differs from none: not every
/// audience has every field.
fn differs(field: SideField, one: Option<&str>, other: Option<&str>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return false;
    };
    let plain = |text: &str| -> String {
        let key = sort_key(text);
        match field {
            SideField::Name | SideField::Email => key.split_whitespace().collect(),
            SideField::Address => words_of_address(&key),
            SideField::Phone => key.chars().filter(char::is_ascii_digit).collect(),
        }
    };
    plain(one) != plain(other)
}

/// The letters and digits of an address without its country, which the two sides write differently.
fn words_of_address(line: &str) -> String {
    let parts: Vec<&str> = line.split(", ").collect();
    let without_country = match parts.split_last() {
        Some((last, rest)) if !rest.is_empty() && !last.contains(|c: char| c.is_ascii_digit()) => {
            rest
        }
        _ => &parts[..],
    };
    without_country
        .iter()
        .flat_map(|part| part.chars())
        .filter(|c| c.is_alphanumeric())
        .collect()
}
