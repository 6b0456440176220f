//! A change as the owner reads it: field by field, before and after.

use ledgerpost_core::Amount;
use ledgerpost_core::change::{
    Action, Change, ChangeReason, ContactCreate, ContactUpdate, OrderBody, ProductBody, Stage,
};
use ledgerpost_core::destination::MemberFields;
use ledgerpost_core::ids::{CurrencyCode, CustomerId};
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_core::source::{DocumentKey, DocumentName};
use ledgerpost_ipc::activity::{ActionCode, ChangeRow, ReasonCode};
use ledgerpost_ipc::contacts::MemberStatus;
use ledgerpost_ipc::review::{Field, FieldChange};
use ledgerpost_store::{CompanyStore, Error as StoreError, JournalEntry};

use super::activity::outcome_of;
use super::codes::{created_status, document_name, field};
use super::convert::{count, money, one_line};
use super::said::Said;

/// A change of the journal for the window.
pub(super) fn change_row(
    store: &CompanyStore,
    entry: &JournalEntry,
    home: &CurrencyCode,
) -> Result<ChangeRow, StoreError> {
    let change = &entry.change;
    let said = entry.detail.as_deref().map(Said::of).unwrap_or_default();
    let mut row = ChangeRow {
        seq: count(entry.seq),
        action: action_code(&change.action),
        reason: reason_code(change.reason),
        title: change.title.clone(),
        document: None,
        subtitle: None,
        customer: None,
        fields: field_changes(store, &change.action)?,
        money_before: None,
        money_after: None,
        outcome: outcome_of(entry.outcome),
        detail: said.service,
        remark: said.remark,
        without: said.without,
        at: entry.at,
    };
    let (before, after) = amounts(&change.action, home);
    row.money_before = before.map(|(amount, currency)| money(amount, currency));
    row.money_after = after.map(|(amount, currency)| money(amount, currency));
    match change.stage {
        Stage::Contacts | Stage::Tags => row.customer = change.source.first().cloned(),
        Stage::Orders => {
            let key = DocumentKey::from_stored(change.action.key());
            row.document = named(store, change, &key)?.map(document_name);
            let customer = store.customer_of_document(&key)?;
            row.subtitle = match &customer {
                Some(id) => store.customer_name(id)?,
                None => None,
            };
            row.subtitle = row.subtitle.or_else(|| buyer(&change.action));
            row.customer = customer.map(|id| id.as_str().to_owned());
        }
        Stage::Store | Stage::Products | Stage::Finish => {}
    }
    if let Some(id) = &row.customer
        && store
            .customer_name(&CustomerId::from(id.as_str()))?
            .is_none()
    {
        // Gone from QuickBooks: there is no detail to open.
        row.customer = None;
    }
    Ok(row)
}

/// The document of an order. A journal of an earlier version has its title alone.
fn named(
    store: &CompanyStore,
    change: &Change,
    key: &DocumentKey,
) -> Result<Option<DocumentName>, StoreError> {
    Ok(match &change.document {
        Some(name) => Some(name.clone()),
        None => store.document(key)?.map(|document| document.name()),
    })
}

/// Whether changes of a stage are about orders.
pub(super) const fn is_order(stage: Stage) -> bool {
    matches!(stage, Stage::Orders)
}

/// What a change does, before it is in any journal.
pub fn action_code(action: &Action) -> ActionCode {
    match action {
        Action::CreateStore(_) => ActionCode::CreateStore,
        Action::SetSyncing { syncing: true, .. } => ActionCode::StartSyncing,
        Action::SetSyncing { syncing: false, .. } => ActionCode::StopSyncing,
        Action::RemoveStore { .. } => ActionCode::RemoveStore,
        Action::PutProduct { before: None, .. } => ActionCode::CreateProduct,
        Action::PutProduct {
            before: Some(_), ..
        } => ActionCode::UpdateProduct,
        Action::CreateContact(_) => ActionCode::CreateContact,
        Action::UpdateContact(_) => ActionCode::UpdateContact,
        Action::MoveContact { .. } => ActionCode::MoveContact,
        Action::ArchiveContact { .. } => ActionCode::ArchiveContact,
        Action::TagContact { active: true, .. } => ActionCode::TagContact,
        Action::TagContact { active: false, .. } => ActionCode::UntagContact,
        Action::CreateOrder(_) => ActionCode::CreateOrder,
        Action::UpdateOrder { .. } => ActionCode::UpdateOrder,
        Action::RemoveOrder { .. } => ActionCode::RemoveOrder,
    }
}

const fn reason_code(reason: ChangeReason) -> ReasonCode {
    match reason {
        ChangeReason::New => ReasonCode::New,
        ChangeReason::FirstMatch => ReasonCode::FirstMatch,
        ChangeReason::Changed => ReasonCode::Changed,
        ChangeReason::EmailChanged => ReasonCode::EmailChanged,
        ChangeReason::Deleted => ReasonCode::Deleted,
        ChangeReason::Voided => ReasonCode::Voided,
        ChangeReason::NoLongerSent => ReasonCode::NoLongerSent,
        ChangeReason::Undo => ReasonCode::Undo,
        ChangeReason::Disconnect => ReasonCode::Disconnect,
        ChangeReason::Needed => ReasonCode::Needed,
    }
}

type Sum<'c> = Option<(Amount, &'c CurrencyCode)>;

fn amounts<'c>(action: &'c Action, home: &'c CurrencyCode) -> (Sum<'c>, Sum<'c>) {
    let total = |order: &'c OrderBody| Some((order.total, &order.currency));
    let price = |product: &ProductBody| product.price.map(|price| (price, home));
    match action {
        Action::PutProduct { before, after } => (before.as_ref().and_then(price), price(after)),
        Action::CreateOrder(after) => (None, total(after)),
        Action::UpdateOrder { before, after } => (total(before), total(after)),
        Action::RemoveOrder { before } => (total(before), None),
        Action::CreateStore(_)
        | Action::SetSyncing { .. }
        | Action::RemoveStore { .. }
        | Action::CreateContact(_)
        | Action::UpdateContact(_)
        | Action::MoveContact { .. }
        | Action::ArchiveContact { .. }
        | Action::TagContact { .. } => (None, None),
    }
}

/// The fields of a change, with the value before and after.
pub fn field_changes(
    store: &CompanyStore,
    action: &Action,
) -> Result<Vec<FieldChange>, StoreError> {
    Ok(match action {
        Action::CreateStore(_) | Action::SetSyncing { .. } | Action::RemoveStore { .. } => {
            Vec::new()
        }
        Action::PutProduct { before, after } => product_fields(before.as_ref(), after),
        Action::CreateContact(create) => created_fields(create),
        Action::UpdateContact(update) => updated_fields(update),
        Action::MoveContact {
            from_email,
            to_email,
            ..
        } => vec![FieldChange {
            field: Field::Email,
            before: Some(from_email.as_str().to_owned()),
            after: Some(to_email.as_str().to_owned()),
        }],
        Action::ArchiveContact { email, .. } => vec![FieldChange {
            field: Field::Email,
            before: Some(email.as_str().to_owned()),
            after: None,
        }],
        Action::TagContact { tag, active, .. } => {
            let (before, after) = if *active {
                (None, Some(tag.clone()))
            } else {
                (Some(tag.clone()), None)
            };
            vec![FieldChange {
                field: Field::Tag,
                before,
                after,
            }]
        }
        Action::CreateOrder(after) => order_fields(store, None, Some(after))?,
        Action::UpdateOrder { before, after } => order_fields(store, Some(before), Some(after))?,
        Action::RemoveOrder { before } => order_fields(store, Some(before), None)?,
    })
}

/// Adds a field if it changes.
fn push(
    fields: &mut Vec<FieldChange>,
    field: Field,
    before: Option<String>,
    after: Option<String>,
) {
    if before != after {
        fields.push(FieldChange {
            field,
            before,
            after,
        });
    }
}

fn product_fields(before: Option<&ProductBody>, after: &ProductBody) -> Vec<FieldChange> {
    let mut fields = Vec::new();
    let title = before.map(|body| body.title.clone());
    push(&mut fields, Field::Name, title, Some(after.title.clone()));
    let price = |body: &ProductBody| body.price.map(|price| price.to_string());
    push(
        &mut fields,
        Field::Price,
        before.and_then(price),
        price(after),
    );
    fields
}

fn created_fields(create: &ContactCreate) -> Vec<FieldChange> {
    let mut fields = Vec::new();
    let email = create.email.as_str().to_owned();
    push(&mut fields, Field::Email, None, Some(email));
    let status = status_word(created_status(create.status)).to_owned();
    push(&mut fields, Field::Status, None, Some(status));
    member_fields(&mut fields, &MemberFields::default(), &create.fields);
    fields
}

/// A member's status as the wire writes it; the window has the words.
pub const fn status_word(status: MemberStatus) -> &'static str {
    match status {
        MemberStatus::Subscribed => "subscribed",
        MemberStatus::Unsubscribed => "unsubscribed",
        MemberStatus::NotSubscribed => "notSubscribed",
        MemberStatus::Pending => "pending",
        MemberStatus::Cleaned => "cleaned",
        MemberStatus::Archived => "archived",
    }
}

fn updated_fields(update: &ContactUpdate) -> Vec<FieldChange> {
    let mut after = update.after.clone();
    // What has no value afterwards is left as it is, unless it is cleared.
    let before = &update.before;
    after.first_name = after.first_name.or_else(|| before.first_name.clone());
    after.last_name = after.last_name.or_else(|| before.last_name.clone());
    after.phone = after.phone.or_else(|| before.phone.clone());
    after.address = after.address.or_else(|| before.address.clone());
    let mut fields = Vec::new();
    member_fields(&mut fields, before, &after);
    for cleared in &update.clear {
        let cleared = field(*cleared);
        fields.retain(|change| change.field != cleared);
        push(&mut fields, cleared, value_of(before, cleared), None);
    }
    fields
}

fn value_of(fields: &MemberFields, field: Field) -> Option<String> {
    match field {
        Field::FirstName => fields.first_name.clone(),
        Field::LastName => fields.last_name.clone(),
        Field::Phone => fields.phone.clone(),
        Field::Address => fields.address.as_ref().map(one_line),
        Field::Email
        | Field::Status
        | Field::Tag
        | Field::Name
        | Field::Price
        | Field::Total
        | Field::Date
        | Field::Lines
        | Field::Customer => None,
    }
}

fn member_fields(fields: &mut Vec<FieldChange>, before: &MemberFields, after: &MemberFields) {
    for field in [
        Field::FirstName,
        Field::LastName,
        Field::Address,
        Field::Phone,
    ] {
        push(
            fields,
            field,
            value_of(before, field),
            value_of(after, field),
        );
    }
}

fn order_fields(
    store: &CompanyStore,
    before: Option<&OrderBody>,
    after: Option<&OrderBody>,
) -> Result<Vec<FieldChange>, StoreError> {
    let mut fields = Vec::new();
    let both = |value: &dyn Fn(&OrderBody) -> String| (before.map(value), after.map(value));
    let (was, is) = both(&|order| order.total.to_string());
    push(&mut fields, Field::Total, was, is);
    let (was, is) = both(&|order| order.date.to_string());
    push(&mut fields, Field::Date, was, is);
    let (was, is) = both(&|order| order.email.as_str().to_owned());
    push(&mut fields, Field::Customer, was, is);
    let was = before.map(|order| lines(store, order)).transpose()?;
    let is = after.map(|order| lines(store, order)).transpose()?;
    push(&mut fields, Field::Lines, was, is);
    Ok(fields)
}

/// `2 × Ash glaze mug, 1 × Planter`.
fn lines(store: &CompanyStore, order: &OrderBody) -> Result<String, StoreError> {
    let mut words = Vec::new();
    for line in &order.lines {
        let product = store.product_body(&line.product)?;
        let name = product.map_or_else(|| line.product.to_string(), |body| body.title);
        words.push(format!("{} × {name}", line.quantity));
    }
    Ok(words.join(", "))
}

fn buyer(action: &Action) -> Option<String> {
    let order = match action {
        Action::CreateOrder(after) | Action::UpdateOrder { after, .. } => after,
        Action::RemoveOrder { before } => before,
        Action::CreateStore(_)
        | Action::SetSyncing { .. }
        | Action::RemoveStore { .. }
        | Action::PutProduct { .. }
        | Action::CreateContact(_)
        | Action::UpdateContact(_)
        | Action::MoveContact { .. }
        | Action::ArchiveContact { .. }
        | Action::TagContact { .. } => return None,
    };
    Some(order.email.as_str().to_owned())
}
