//! Saving customers and vendors (`quickbooks-online.md` 4.2, 5).

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::answer::{Answer, Fault};
use super::company::Company;
use super::table::Table;
use super::write::{check_token, has_id, inner, saved, text};
use crate::frame::Switches;
use crate::seed::{Address, Currency, Customer, Meta, Vendor};

/// What QuickBooks appends to the name of an inactive record.
pub(crate) const DELETED: &str = " (deleted)";
/// Levels below the top.
const DEEPEST: usize = 4;

/// Creates or updates a customer or vendor.
pub(crate) fn save(
    company: &mut Company,
    table: Table,
    record: &Value,
    switches: &Switches,
    now: Timestamp,
) -> Result<Answer, Fault> {
    if table == Table::Vendor {
        return create_vendor(company, record, now);
    }
    let before = if has_id(record) {
        let id = check_token(record, |id| {
            company.books.customers.get(&id).map(|row| row.meta.token)
        })?;
        company.books.customers.get(&id).cloned()
    } else {
        None
    };
    let sparse = record.get("sparse").and_then(Value::as_bool) == Some(true);
    let mut row = before
        .clone()
        .unwrap_or_else(|| Customer::new(Meta::born(0, now), String::new()));
    take_fields(&mut row, record, sparse || before.is_none())?;
    take_parent(company, &mut row, record)?;
    name_row(&mut row, record)?;
    if let Some(before) = &before {
        change_activity(&mut row, before, record, switches)?;
    }
    if company.name_is_taken(&company.books.full_name(&row), row.meta.id) {
        return Err(duplicate_name());
    }
    if let Some(before) = before {
        if row == before {
            // A save without a change leaves token and time alone.
            return saved(company, table, before.meta.id);
        }
        row.meta.token += 1;
        row.meta.updated = now;
    } else {
        row.meta = Meta::born(company.next_id(table), now);
    }
    let id = row.meta.id;
    company.books.customers.insert(id, row);
    saved(company, table, id)
}

pub(crate) fn duplicate_name() -> Fault {
    Fault::new(
        "6240",
        "Duplicate Name Exists Error",
        "The name supplied already exists. : Another customer, vendor or employee is already \
         using this name. Please use a different name.",
    )
}

fn create_vendor(company: &mut Company, record: &Value, now: Timestamp) -> Result<Answer, Fault> {
    if has_id(record) {
        return Err(Fault::unsupported("update of a vendor"));
    }
    let display_name = text(record, "DisplayName").ok_or_else(no_name)?;
    if company.name_is_taken(&display_name, 0) {
        return Err(duplicate_name());
    }
    let id = company.next_id(Table::Vendor);
    company.books.vendors.insert(
        id,
        Vendor {
            meta: Meta::born(id, now),
            display_name,
            active: true,
        },
    );
    saved(company, Table::Vendor, id)
}

fn no_name() -> Fault {
    Fault::new(
        "6080",
        "At least one of the name fields is required",
        "Either Title, Given name, Middle name, Family name, Suffix or Display name is required",
    )
}

/// Takes over plain fields. In a full update what is not named is cleared.
fn take_fields(row: &mut Customer, record: &Value, sparse: bool) -> Result<(), Fault> {
    let plain = |field: &mut Option<String>, name: &str, most: usize| -> Result<(), Fault> {
        if record.get(name).is_some() || !sparse {
            *field = text(record, name);
        }
        within(field.as_deref(), name, most)
    };
    plain(&mut row.title, "Title", 16)?;
    plain(&mut row.given_name, "GivenName", 100)?;
    plain(&mut row.middle_name, "MiddleName", 100)?;
    plain(&mut row.family_name, "FamilyName", 100)?;
    plain(&mut row.suffix, "Suffix", 16)?;
    plain(&mut row.company_name, "CompanyName", 100)?;
    plain(&mut row.notes, "Notes", 2000)?;
    plain(&mut row.resale_number, "ResaleNum", 16)?;
    let nested = |field: &mut Option<String>, name: &str, property: &str, most: usize| {
        if record.get(name).is_some() || !sparse {
            *field = inner(record, name, property);
        }
        within(field.as_deref(), name, most)
    };
    nested(&mut row.email, "PrimaryEmailAddr", "Address", 100)?;
    nested(&mut row.phone, "PrimaryPhone", "FreeFormNumber", 30)?;
    nested(&mut row.mobile, "Mobile", "FreeFormNumber", 30)?;
    nested(&mut row.website, "WebAddr", "URI", 1000)?;
    if record.get("PrimaryEmailAddr").is_some() {
        check_email(row.email.as_deref(), "PrimaryEmailAddr")?;
    }
    for (field, name) in [(&mut row.bill, "BillAddr"), (&mut row.ship, "ShipAddr")] {
        if record.get(name).is_some() || !sparse {
            *field = read_address(record.get(name)).map(Arc::new);
        }
    }
    if let Some(taxable) = record.get("Taxable").and_then(Value::as_bool) {
        row.taxable = taxable;
    }
    if let Some(flag) = record.get("BillWithParent").and_then(Value::as_bool) {
        row.bill_with_parent = flag;
    }
    if let Some(method) = text(record, "PreferredDeliveryMethod") {
        if !["Print", "Email", "None"].contains(&method.as_str()) {
            return Err(Fault::new(
                "2170",
                "Invalid Enumeration",
                "Invalid Enumeration : PreferredDeliveryMethod",
            ));
        }
        row.delivery = method;
    }
    if let Some(code) = inner(record, "CurrencyRef", "value") {
        let currency = Currency::from_code(&code).ok_or_else(|| {
            Fault::new(
                "2220",
                "Invalid Currency",
                format!("Invalid currency : {code}"),
            )
        })?;
        if row.meta.id != 0 && currency != row.currency {
            return Err(Fault::new(
                "6000",
                "A business validation error has occurred while processing your request",
                "Business Validation Error: The currency of a customer cannot be changed",
            ));
        }
        row.currency = currency;
    }
    Ok(())
}

/// Refuses a value of more characters than the service takes.
pub(crate) fn within(value: Option<&str>, name: &str, most: usize) -> Result<(), Fault> {
    if value.is_some_and(|value| value.chars().count() > most) {
        return Err(Fault::too_long(name, most));
    }
    Ok(())
}

/// Each address of a comma list needs an `@` and a dot (`quickbooks-online.md` 4.2).
pub(crate) fn check_email(field: Option<&str>, element: &str) -> Result<(), Fault> {
    let fine = field.is_none_or(|field| {
        field.split(',').map(str::trim).all(|address| {
            address
                .split_once('@')
                .is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
                && !address.contains(' ')
        })
    });
    if fine {
        return Ok(());
    }
    Err(Fault::new(
        "2210",
        "Invalid Email Address format",
        "Email Address does not conform to the RFC 822 standard.",
    )
    .on(element))
}

pub(crate) fn read_address(value: Option<&Value>) -> Option<Address> {
    let value = value.filter(|value| value.is_object())?;
    let lines = (1..=5).filter_map(|number| text(value, &format!("Line{number}")));
    Some(Address {
        id: text(value, "Id")
            .and_then(|id| id.parse().ok())
            .unwrap_or(90_000),
        lines: lines.collect(),
        city: text(value, "City"),
        state: text(value, "CountrySubDivisionCode"),
        postal_code: text(value, "PostalCode"),
        country: text(value, "Country"),
        invalid_position: false,
    })
}

/// `Job` and `ParentRef` go together, and nest four deep.
fn take_parent(company: &Company, row: &mut Customer, record: &Value) -> Result<(), Fault> {
    let named = inner(record, "ParentRef", "value");
    let job = record
        .get("Job")
        .and_then(Value::as_bool)
        .unwrap_or(row.parent.is_some());
    let Some(parent) = named else {
        if job && row.parent.is_none() {
            return Err(Fault::new(
                "6150",
                "ParentRef Required Error",
                "ParentRef is required when Job is true",
            ));
        }
        return Ok(());
    };
    if !job {
        return Err(Fault::new(
            "6150",
            "ParentRef Required Error",
            "Job must be true when ParentRef is given",
        ));
    }
    let id = super::api::parse_id(&parent)?;
    if id == row.meta.id && id != 0 {
        return Err(Fault::new(
            "900",
            "Parent equals child",
            "The parent cannot be the record itself",
        ));
    }
    let above = company
        .books
        .customers
        .get(&id)
        .ok_or_else(|| Fault::invalid_reference("ParentRef", &parent))?;
    if company.books.level(above) >= DEEPEST {
        return Err(Fault::new(
            "6180",
            "Nesting too deep",
            "Sub-customers may be nested at most 4 levels below the top",
        ));
    }
    row.parent = Some(id);
    Ok(())
}

/// `DisplayName`: named, composed, or as it was; never with a colon, tab or newline.
fn name_row(row: &mut Customer, record: &Value) -> Result<(), Fault> {
    if let Some(name) = text(record, "DisplayName") {
        name.trim().clone_into(&mut row.display_name);
    } else if row.display_name.is_empty() {
        let parts = [
            &row.title,
            &row.given_name,
            &row.middle_name,
            &row.family_name,
            &row.suffix,
        ];
        let parts: Vec<&str> = parts.into_iter().filter_map(Option::as_deref).collect();
        row.display_name = parts.join(" ");
    }
    if row.display_name.is_empty() {
        return Err(no_name());
    }
    if row.display_name.contains([':', '\t', '\n']) {
        return Err(Fault::new(
            "2040",
            "Invalid String",
            "Invalid String: colons, tabs and newlines are not allowed in DisplayName",
        )
        .on("DisplayName"));
    }
    within(Some(&row.display_name), "DisplayName", 500)?;
    if let Some(name) = text(record, "PrintOnCheckName") {
        row.print_name = (name != row.display_name).then_some(name);
    }
    within(row.print_name.as_deref(), "PrintOnCheckName", 110)
}

/// Deactivation appends a suffix to the name, reactivation may take it away
/// (`quickbooks-online.md` 5.5).
fn change_activity(
    row: &mut Customer,
    before: &Customer,
    record: &Value,
    switches: &Switches,
) -> Result<(), Fault> {
    let Some(active) = record.get("Active").and_then(Value::as_bool) else {
        return Ok(());
    };
    if active == before.active {
        return Ok(());
    }
    row.active = active;
    if active {
        let named = text(record, "DisplayName").is_some();
        if let (true, Some(plain)) = (
            switches.reactivation_strips_suffix && !named,
            before.display_name.strip_suffix(DELETED),
        ) {
            plain.clone_into(&mut row.display_name);
        }
        return Ok(());
    }
    if before.balance.0 != 0 {
        return Err(Fault::new(
            "6220",
            "Delete List Has Balance Error",
            "The entity you are trying to delete has an open balance",
        ));
    }
    row.display_name.push_str(DELETED);
    Ok(())
}
