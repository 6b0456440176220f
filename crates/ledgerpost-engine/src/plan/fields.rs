//! The mapped fields of a contact: names, phone, complete address.

use ledgerpost_core::address::{CompleteAddress, SourceAddress};
use ledgerpost_core::destination::{Audience, MemberFields, MergeFieldKind, merge_tag};
use ledgerpost_core::settings::Settings;
use ledgerpost_core::source::Customer;

use super::country;

/// Which fields are sent, and how: what the owner wants and the audience takes. Owners rename and
/// delete merge fields, so none is assumed (`mailchimp.md` 3.10).
#[derive(Debug, Clone)]
pub(super) struct FieldMap {
    first_name: bool,
    last_name: bool,
    address: bool,
    phone: Option<PhoneForm>,
    /// Where the company is: the country of addresses that name none.
    home: Option<&'static str>,
}

#[derive(Debug, Clone, Copy)]
enum PhoneForm {
    Us,
    Free,
}

impl FieldMap {
    /// Reads the audience's fields.
    pub(super) fn new(settings: &Settings, audience: &Audience, country: Option<&str>) -> Self {
        let kind = |tag: &str| {
            audience
                .merge_fields
                .values()
                .find(|field| field.tag.eq_ignore_ascii_case(tag))
                .map(|field| field.kind)
        };
        let is_text = |tag| settings.names && kind(tag) == Some(MergeFieldKind::Text);
        Self {
            first_name: is_text(merge_tag::FIRST_NAME),
            last_name: is_text(merge_tag::LAST_NAME),
            address: settings.addresses
                && kind(merge_tag::ADDRESS) == Some(MergeFieldKind::Address),
            phone: match kind(merge_tag::PHONE) {
                Some(MergeFieldKind::PhoneUs) if settings.phones => Some(PhoneForm::Us),
                Some(MergeFieldKind::PhoneFree | MergeFieldKind::Text) if settings.phones => {
                    Some(PhoneForm::Free)
                }
                _ => None,
            },
            home: country.and_then(country::code),
        }
    }

    /// Where a customer lives; nothing for one without an address.
    pub(super) fn country_of(&self, customer: &Customer) -> Option<&'static str> {
        let address = customer.address.as_ref()?;
        match address.country.as_deref().and_then(filled) {
            Some(typed) => country::code(&typed),
            None => self.home,
        }
    }

    /// What a customer's contact should show.
    pub(super) fn of(&self, customer: &Customer) -> MemberFields {
        let (first, last) = names(customer);
        MemberFields {
            first_name: first.filter(|_| self.first_name),
            last_name: last.filter(|_| self.last_name),
            phone: self
                .phone
                .and_then(|form| phone(form, customer.phone.as_deref()?)),
            address: customer
                .address
                .as_ref()
                .filter(|_| self.address)
                .and_then(|address| complete(address, self.home)),
        }
    }
}

/// First and last name. A customer without a person's name is a business: its display name, which
/// is what the owner calls it, stands as first name, so that the contact has a name at all.
fn names(customer: &Customer) -> (Option<String>, Option<String>) {
    let first = customer.given_name.as_deref().and_then(filled);
    let last = customer.family_name.as_deref().and_then(filled);
    if first.is_some() || last.is_some() {
        return (first, last);
    }
    let business = filled(&customer.display_name)
        .or_else(|| customer.company_name.as_deref().and_then(filled));
    (business, None)
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A number in the form that the field takes. The American form is `NNN-NNN-NNNN` and everything
/// else is refused with the whole member, so a number that does not fit is left out.
fn phone(form: PhoneForm, typed: &str) -> Option<String> {
    match form {
        PhoneForm::Free => filled(typed),
        PhoneForm::Us => {
            let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
            let ten = match digits.len() {
                10 => digits.as_str(),
                11 => digits.strip_prefix('1')?,
                _ => return None,
            };
            // Area codes and exchanges begin with 2 to 9 in the North American plan.
            let real = |at: usize| ten.as_bytes()[at] >= b'2';
            (real(0) && real(3)).then(|| format!("{}-{}-{}", &ten[..3], &ten[3..6], &ten[6..]))
        }
    }
}

/// The address, if it is complete; an incomplete one fails the whole member.
pub fn complete(address: &SourceAddress, home: Option<&'static str>) -> Option<CompleteAddress> {
    let mut lines = address.lines.iter().filter_map(|line| filled(line));
    let addr1 = lines.next()?;
    let addr2 = lines.collect::<Vec<_>>().join(", ");
    let city = filled(address.city.as_deref()?)?;
    let zip = filled(address.postal_code.as_deref()?)?;
    // Addresses at home usually name no country, and Mailchimp would take them for American.
    let country = match address.country.as_deref().and_then(filled) {
        Some(typed) => country::code(&typed),
        None => home,
    };
    let state = address.state.as_deref().and_then(filled).or_else(|| {
        country
            .is_some_and(country::has_no_states)
            .then(|| city.clone())
    })?;
    Some(CompleteAddress {
        addr1,
        addr2,
        city,
        state,
        zip,
        country: country.map(str::to_owned),
    })
}

/// Whether writing `desired` would change anything in what the member has. What QuickBooks does not
/// know clears nothing.
pub(super) fn differs(desired: &MemberFields, has: &MemberFields) -> bool {
    let text = |desired: &Option<String>, has: &Option<String>| {
        desired.is_some() && desired.as_deref() != has.as_deref().map(str::trim)
    };
    text(&desired.first_name, &has.first_name)
        || text(&desired.last_name, &has.last_name)
        || text(&desired.phone, &has.phone)
        || desired
            .address
            .as_ref()
            .is_some_and(|desired| !same_address(desired, has.address.as_ref()))
}

fn same_address(desired: &CompleteAddress, has: Option<&CompleteAddress>) -> bool {
    has.is_some_and(|has| {
        // Mailchimp fills in a country of its own when it gets none.
        let country = desired.country.is_none() || desired.country == has.country;
        country
            && desired.addr1 == has.addr1
            && desired.addr2 == has.addr2
            && desired.city == has.city
            && desired.state == has.state
            && desired.zip == has.zip
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("(503) 555-0110", Some("503-555-0110"))]
    #[case("+1 503 555 0111", Some("503-555-0111"))]
    #[case("15035550111", Some("503-555-0111"))]
    #[case("503.555.0110 ext 4", None)]
    #[case("555-0110", None)]
    #[case("+44 20 7946 0958", None)]
    #[case("123-555-0110", None)]
    #[case("503-055-0110", None)]
    fn the_american_form_takes_only_american_numbers(
        #[case] typed: &str,
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(phone(PhoneForm::Us, typed).as_deref(), expected);
    }

    fn address(lines: &[&str], city: &str, state: &str, zip: &str, country: &str) -> SourceAddress {
        let some = |text: &str| Some(text.to_owned());
        SourceAddress {
            lines: lines.iter().map(|&line| line.to_owned()).collect(),
            city: some(city),
            state: some(state),
            postal_code: some(zip),
            country: some(country),
        }
    }

    #[rstest]
    #[case::whole(address(&["88 Harbor St", "Unit 4"], "Astoria", "OR", "97103", "USA"), Some(("OR", Some("US"))))]
    #[case::at_home(address(&["88 Harbor St"], "Astoria", "OR", "97103", " "), Some(("OR", Some("CA"))))]
    #[case::city_for_state(address(&["Kastanienallee 1"], "Berlin", "", "10435", "Germany"), Some(("Berlin", Some("DE"))))]
    #[case::unreadable_country(address(&["1 Wardrobe"], "Cair", "X", "1", "Narnia"), Some(("X", None)))]
    #[case::no_line(address(&[" "], "Astoria", "OR", "97103", "USA"), None)]
    #[case::no_city(address(&["1 St"], "", "OR", "97103", "USA"), None)]
    #[case::no_state(address(&["1 St"], "Astoria", "", "97103", "USA"), None)]
    #[case::no_zip(address(&["1 St"], "Astoria", "OR", " ", "USA"), None)]
    fn only_complete_addresses_are_sent(
        #[case] source: SourceAddress,
        #[case] expected: Option<(&str, Option<&str>)>,
    ) {
        let found = complete(&source, Some("CA"));
        let found = found
            .as_ref()
            .map(|address| (address.state.as_str(), address.country.as_deref()));
        assert_eq!(found, expected);
    }

    #[test]
    fn what_quickbooks_does_not_know_clears_nothing() {
        let has = MemberFields {
            first_name: Some("Dana".into()),
            phone: Some("1".into()),
            ..MemberFields::default()
        };
        assert!(!differs(&MemberFields::default(), &has));
        let desired = MemberFields {
            first_name: Some("Dana".into()),
            ..MemberFields::default()
        };
        assert!(!differs(&desired, &has));
        assert!(differs(&has, &desired));
    }
}
