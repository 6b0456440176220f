//! From QuickBooks' JSON to the records of the mirror.

mod credit;
mod document;

use ledgerpost_core::address::SourceAddress;
use ledgerpost_core::ids::{CurrencyCode, CustomerId, ItemId, RealmId};
use ledgerpost_core::source::{self, ItemKind};

pub(crate) use credit::{from_memo, from_payment};
pub(crate) use document::document;

use crate::wire;

/// Makes a customer of the mirror.
pub(crate) fn customer(id: &str, row: wire::Customer) -> source::Customer {
    let active = row.active.unwrap_or(true);
    // A name is always there; its last part is what the full name ends in, should it not be.
    let name = row
        .display_name
        .or(row.fully_qualified_name)
        .unwrap_or_default();
    source::Customer {
        id: CustomerId::from(id),
        display_name: plain_name(name, active),
        given_name: row.given_name,
        family_name: row.family_name,
        company_name: row.company_name,
        email_field: row.primary_email_addr.and_then(|email| email.address),
        phone: number(row.primary_phone).or_else(|| number(row.mobile)),
        address: address(row.bill_addr).or_else(|| address(row.ship_addr)),
        active,
        is_project: row.is_project.unwrap_or(false),
        parent: value(row.parent_ref).map(CustomerId::from),
        currency: currency(row.currency_ref),
        customer_type: value(row.type_ref),
        last_sale: None,
    }
}

/// Makes an item of the mirror.
pub(crate) fn item(id: &str, row: wire::Item) -> source::Item {
    let active = row.active.unwrap_or(true);
    // Documentation speaks of `Bundle`, answers of `Group` (`quickbooks-online.md` 4.5).
    let kind = match row.kind.as_deref() {
        Some("Category") => ItemKind::Category,
        Some("Group" | "Bundle") => ItemKind::Bundle,
        Some(_) | None => ItemKind::Sellable,
    };
    source::Item {
        id: ItemId::from(id),
        name: plain_name(row.name.unwrap_or_default(), active),
        sku: row.sku,
        description: row.description,
        kind,
        unit_price: row.unit_price,
        active,
    }
}

/// Makes the company of the mirror from its two records.
pub(crate) fn company(
    realm: &RealmId,
    info: wire::CompanyInfo,
    preferences: wire::Preferences,
) -> source::Company {
    let subscription = subscription(info.name_value);
    let home = preferences
        .currency_prefs
        .and_then(|prefs| currency(prefs.home_currency));
    source::Company {
        realm: realm.clone(),
        name: info.company_name.or(info.legal_name).unwrap_or_default(),
        email: info.email.and_then(|email| email.address),
        phone: number(info.primary_phone),
        website: info.web_addr.and_then(|web| web.uri),
        address: address(info.company_addr),
        country: info.country,
        home_currency: home.unwrap_or_else(|| CurrencyCode::from("USD")),
        time_zone: info.default_time_zone,
        subscription,
    }
}

/// `SubscriptionStatus` among the company's settings.
pub(crate) fn subscription(pairs: Vec<wire::NameValue>) -> Option<String> {
    pairs
        .into_iter()
        .find(|pair| pair.name.as_deref() == Some("SubscriptionStatus"))
        .and_then(|pair| pair.value)
}

fn value(reference: Option<wire::Reference>) -> Option<String> {
    reference.and_then(|reference| reference.value)
}

fn currency(reference: Option<wire::Reference>) -> Option<CurrencyCode> {
    value(reference).map(|code| CurrencyCode::from(code.to_ascii_uppercase()))
}

fn number(phone: Option<wire::Phone>) -> Option<String> {
    phone.and_then(|phone| phone.free_form_number)
}

/// An address with something in it.
fn address(row: Option<wire::Address>) -> Option<SourceAddress> {
    let row = row?;
    let lines = [row.line1, row.line2, row.line3, row.line4, row.line5];
    let address = SourceAddress {
        lines: lines.into_iter().flatten().collect(),
        city: row.city,
        state: row.country_sub_division_code,
        postal_code: row.postal_code,
        country: row.country,
    };
    (address != SourceAddress::default()).then_some(address)
}

/// Takes off the ` (deleted)` or ` (deleted 2)` that QuickBooks appends to the names of inactive
/// rows (`quickbooks-online.md` 5.5).
fn plain_name(name: String, active: bool) -> String {
    if active {
        return name;
    }
    let without = name
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once(" (deleted"))
        .filter(|(_, number)| {
            number.is_empty()
                || number
                    .strip_prefix(' ')
                    .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
        })
        .map(|(plain, _)| plain.trim_end().to_owned());
    without.unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("Cool Cars (deleted)", "Cool Cars")]
    #[case::numbered("Cool Cars (deleted 12)", "Cool Cars")]
    #[case::part_of_the_name("Cool (deleted) Cars", "Cool (deleted) Cars")]
    #[case::other_parenthesis("Cool Cars (deleted soon)", "Cool Cars (deleted soon)")]
    #[case::twice("Cool Cars (deleted) (deleted)", "Cool Cars (deleted)")]
    fn inactive_names_lose_their_suffix(#[case] name: &str, #[case] plain: &str) {
        assert_eq!(plain_name(name.to_owned(), false), plain);
        assert_eq!(plain_name(name.to_owned(), true), name);
    }

    #[test]
    fn a_customer_keeps_what_a_contact_needs() {
        let row = serde_json::from_str(
            r#"{"Id":"204","DisplayName":" O'Neil & Daughters ","GivenName":"Priya","FamilyName":" ",
                "Active":"true","IsProject":false,"Job":true,"ParentRef":{"value":7},
                "PrimaryEmailAddr":{"Address":"priya@oneil.test, accounts@oneil.test"},
                "PrimaryPhone":{},"Mobile":{"FreeFormNumber":"+1 503 555 0111"},"WebAddr":{},
                "BillAddr":{"Id":"3","Lat":"INVALID"},
                "ShipAddr":{"Line1":"88 Harbor St","Line2":"  ","City":"Astoria","PostalCode":97103},
                "CurrencyRef":{"value":"usd"},"Balance":142.50,"Surprise":[{}]}"#,
        )
        .unwrap();
        let customer = customer("204", row);
        assert_eq!(
            serde_json::to_value(customer).unwrap(),
            serde_json::json!({
                "id": "204", "display_name": "O'Neil & Daughters", "given_name": "Priya",
                "family_name": null, "company_name": null,
                "email_field": "priya@oneil.test, accounts@oneil.test", "phone": "+1 503 555 0111",
                "address": {"lines": ["88 Harbor St"], "city": "Astoria", "state": null,
                            "postal_code": "97103", "country": null},
                "active": true, "is_project": false, "parent": "7", "currency": "USD",
                "customer_type": null, "last_sale": null
            })
        );
    }

    #[test]
    fn categories_and_bundles_are_told_apart() {
        let kind = |json: &str| item("1", serde_json::from_str(json).unwrap()).kind;
        assert_eq!(kind(r#"{"Type":"Category"}"#), ItemKind::Category);
        assert_eq!(kind(r#"{"Type":"Group"}"#), ItemKind::Bundle);
        assert_eq!(kind(r#"{"Type":"Bundle"}"#), ItemKind::Bundle);
        assert_eq!(kind(r#"{"Type":"NonInventory"}"#), ItemKind::Sellable);
        assert_eq!(kind("{}"), ItemKind::Sellable);
    }

    #[test]
    fn a_company_without_preferences_keeps_books_in_dollars() {
        let info = serde_json::from_str(
            r#"{"CompanyName":"Fernhill","WebAddr":{},"Country":"US","NameValue":[
                {"Name":"NeoEnabled","Value":"true"},{"Name":"SubscriptionStatus","Value":"TRIAL"}]}"#,
        )
        .unwrap();
        let company = company(
            &RealmId::from("12"),
            info,
            serde_json::from_str("{}").unwrap(),
        );
        assert_eq!(company.home_currency.as_str(), "USD");
        assert_eq!(company.subscription.as_deref(), Some("TRIAL"));
        assert_eq!(company.website, None);
    }
}
