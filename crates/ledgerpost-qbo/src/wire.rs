//! The parts of QuickBooks' JSON that are read.
//!
//! Lenient where nothing depends on a value: unknown fields, missing ones, numbers that came as
//! strings, objects that came empty. Strict on ids, dates and amounts.

use jiff::Timestamp;
use jiff::civil::Date;
use ledgerpost_core::Amount;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// Takes a value if it has the expected shape, and nothing otherwise.
pub(crate) fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let raw = <&RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(raw.get()).ok())
}

/// Takes text, or a number or truth value as its literal; blank text and anything else is nothing.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?;
    Ok(text_of(raw))
}

fn text_of(raw: &RawValue) -> Option<String> {
    let literal = raw.get();
    let text = match literal.as_bytes().first()? {
        b'"' => serde_json::from_str::<String>(literal).ok()?,
        b'{' | b'[' | b'n' => return None,
        _ => literal.to_owned(),
    };
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// Takes `true` and `"true"`.
fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(text(deserializer)?.and_then(|text| text.to_ascii_lowercase().parse().ok()))
}

/// Takes an id, which is text and must be there.
fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text(deserializer)?.ok_or_else(|| serde::de::Error::custom("an Id that is empty or no text"))
}

/// `{"value": "…", "name": "…"}`; the name can be stale and is not read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Reference {
    #[serde(deserialize_with = "text")]
    pub(crate) value: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct MetaData {
    #[serde(deserialize_with = "lenient")]
    pub(crate) last_updated_time: Option<Timestamp>,
}

/// What every record has. `status` is there on the stubs of deleted records.
#[derive(Debug, Deserialize)]
pub(crate) struct Head {
    #[serde(rename = "Id", deserialize_with = "id")]
    pub(crate) id: String,
    #[serde(default, rename = "MetaData", deserialize_with = "lenient")]
    pub(crate) meta: Option<MetaData>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) status: Option<String>,
}

impl Head {
    pub(crate) fn updated(&self) -> Option<Timestamp> {
        self.meta.as_ref().and_then(|meta| meta.last_updated_time)
    }

    pub(crate) fn is_deleted(&self) -> bool {
        self.status
            .as_deref()
            .is_some_and(|status| status.eq_ignore_ascii_case("deleted"))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct EmailAddr {
    #[serde(deserialize_with = "text")]
    pub(crate) address: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct Phone {
    #[serde(deserialize_with = "text")]
    pub(crate) free_form_number: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WebAddr {
    #[serde(rename = "URI", deserialize_with = "text")]
    pub(crate) uri: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct Address {
    #[serde(deserialize_with = "text")]
    pub(crate) line1: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) line2: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) line3: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) line4: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) line5: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) city: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) country_sub_division_code: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) postal_code: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) country: Option<String>,
}

/// `quickbooks-online.md` 4.2.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct Customer {
    #[serde(deserialize_with = "text")]
    pub(crate) display_name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) fully_qualified_name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) given_name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) family_name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) company_name: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) primary_email_addr: Option<EmailAddr>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) primary_phone: Option<Phone>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) mobile: Option<Phone>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) bill_addr: Option<Address>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) ship_addr: Option<Address>,
    #[serde(deserialize_with = "truth")]
    pub(crate) active: Option<bool>,
    #[serde(deserialize_with = "truth")]
    pub(crate) is_project: Option<bool>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) parent_ref: Option<Reference>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) currency_ref: Option<Reference>,
    #[serde(rename = "CustomerTypeRef", deserialize_with = "lenient")]
    pub(crate) type_ref: Option<Reference>,
}

/// `quickbooks-online.md` 4.5.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct Item {
    #[serde(deserialize_with = "text")]
    pub(crate) name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) sku: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) description: Option<String>,
    #[serde(rename = "Type", deserialize_with = "text")]
    pub(crate) kind: Option<String>,
    pub(crate) unit_price: Option<Amount>,
    #[serde(deserialize_with = "truth")]
    pub(crate) active: Option<bool>,
}

/// Any of the four sales transactions (`quickbooks-online.md` 4.3, 4.4).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Sale {
    #[serde(default, deserialize_with = "text")]
    pub(crate) doc_number: Option<String>,
    pub(crate) txn_date: Date,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) due_date: Option<Date>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) customer_ref: Option<Reference>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) currency_ref: Option<Reference>,
    #[serde(default)]
    pub(crate) line: Vec<Line>,
    #[serde(default)]
    pub(crate) txn_tax_detail: TaxDetail,
    pub(crate) total_amt: Amount,
    #[serde(default)]
    pub(crate) balance: Option<Amount>,
    #[serde(default)]
    pub(crate) remaining_credit: Option<Amount>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) private_note: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) invoice_ref: Option<Reference>,
    #[serde(default)]
    pub(crate) linked_txn: Vec<Linked>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct TaxDetail {
    pub(crate) total_tax: Option<Amount>,
}

/// A line of a sale or of a payment.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct Line {
    #[serde(deserialize_with = "text")]
    pub(crate) detail_type: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) description: Option<String>,
    pub(crate) amount: Option<Amount>,
    pub(crate) sales_item_line_detail: Option<SalesItem>,
    pub(crate) reimburse_line_detail: Option<SalesItem>,
    pub(crate) group_line_detail: Option<Group>,
    pub(crate) linked_txn: Vec<Linked>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct SalesItem {
    #[serde(deserialize_with = "lenient")]
    pub(crate) item_ref: Option<Reference>,
    /// A quantity, which is a decimal like an amount.
    pub(crate) qty: Option<Amount>,
}

/// A bundle: its components are lines inside it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct Group {
    pub(crate) line: Vec<Line>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct Linked {
    #[serde(deserialize_with = "text")]
    pub(crate) txn_id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) txn_type: Option<String>,
}

/// `quickbooks-online.md` 4.4.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct Payment {
    pub(crate) line: Vec<Line>,
}

/// `quickbooks-online.md` 4.1.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct CompanyInfo {
    #[serde(deserialize_with = "text")]
    pub(crate) company_name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) legal_name: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) company_addr: Option<Address>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) primary_phone: Option<Phone>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) email: Option<EmailAddr>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) web_addr: Option<WebAddr>,
    #[serde(deserialize_with = "text")]
    pub(crate) country: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) default_time_zone: Option<String>,
    pub(crate) name_value: Vec<NameValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct NameValue {
    #[serde(deserialize_with = "text")]
    pub(crate) name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) value: Option<String>,
}

/// `quickbooks-online.md` 4.1.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct Preferences {
    #[serde(deserialize_with = "lenient")]
    pub(crate) currency_prefs: Option<CurrencyPrefs>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct CurrencyPrefs {
    #[serde(deserialize_with = "truth")]
    pub(crate) multi_currency_enabled: Option<bool>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) home_currency: Option<Reference>,
}
