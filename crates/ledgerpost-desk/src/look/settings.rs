//! The choices for a connection, between the wire and the core.

use std::collections::{BTreeMap, BTreeSet};

use ledgerpost_core::ids::CustomerId;
use ledgerpost_core::settings::{
    NewStatus, RuleCondition, Scope, Settings, StatusException, StatusRule,
};
use ledgerpost_ipc::setup as wire;

use super::Look;
use super::contacts::used_address;
use super::error::LookError;

/// The longest tag that Mailchimp takes (`mailchimp.md` 3.9).
const LONGEST_TAG: usize = 100;

/// The choices as the window shows them. `person` gives the name and address of a customer.
///
/// # Errors
/// Those of `person`.
pub fn settings_to_wire<E>(
    settings: &Settings,
    mut person: impl FnMut(&CustomerId) -> Result<Option<(String, Option<String>)>, E>,
) -> Result<wire::ConnectionSettings, E> {
    let mut exceptions = Vec::new();
    for (id, exception) in &settings.exceptions {
        let (name, email) = person(id)?.unwrap_or_else(|| (id.as_str().to_owned(), None));
        exceptions.push(wire::StatusException {
            customer: id.as_str().to_owned(),
            name,
            email,
            status: status_to_wire(exception.status),
            grounds: exception.grounds.clone(),
        });
    }
    Ok(wire::ConnectionSettings {
        scope: match settings.scope {
            Scope::EveryCustomer => wire::Scope::EveryCustomer,
            Scope::OnlyExisting => wire::Scope::OnlyExisting,
        },
        status: status_to_wire(settings.status),
        grounds: settings.grounds.clone().unwrap_or_default(),
        confirmation_mails: settings.confirmation_mails,
        rules: settings.rules.iter().map(rule_to_wire).collect(),
        exceptions,
        left_alone: settings
            .left_alone
            .iter()
            .map(|id| id.as_str().to_owned())
            .collect(),
        tag: settings.tag.clone(),
        include_role_addresses: settings.include_role_addresses,
        include_inactive: settings.include_inactive,
        include_projects: settings.include_projects,
        names: settings.names,
        addresses: settings.addresses,
        phones: settings.phones,
        invoices: settings.invoices,
        sales_receipts: settings.sales_receipts,
        items: settings.items,
    })
}

/// The choices as the owner entered them, checked. What the window does not show stays as in
/// `current`.
///
/// # Errors
/// [`LookError::Invalid`], [`LookError::GroundsMissing`].
pub fn settings_from_wire(
    entered: &wire::ConnectionSettings,
    current: &Settings,
) -> Result<Settings, LookError> {
    let tag = entered.tag.trim();
    if tag.is_empty() || tag.chars().count() > LONGEST_TAG {
        return Err(LookError::Invalid {
            field: "tag",
            problem: "a tag has 1 to 100 characters",
        });
    }
    let grounds = entered.grounds.trim();
    needs_grounds(entered.status, grounds, "grounds")?;
    let mut exceptions = BTreeMap::new();
    for exception in &entered.exceptions {
        let grounds = exception.grounds.trim();
        needs_grounds(exception.status, grounds, "exceptions")?;
        let id = CustomerId::from(filled(&exception.customer, "exceptions")?);
        let exception = StatusException {
            status: status_from_wire(exception.status),
            grounds: grounds.to_owned(),
        };
        if exceptions.insert(id, exception).is_some() {
            return Err(LookError::Invalid {
                field: "exceptions",
                problem: "a customer stands in the list twice",
            });
        }
    }
    let rules = entered
        .rules
        .iter()
        .map(rule_from_wire)
        .collect::<Result<_, _>>()?;
    let left_alone = entered
        .left_alone
        .iter()
        .map(|id| filled(id, "leftAlone").map(CustomerId::from))
        .collect::<Result<BTreeSet<_>, _>>()?;
    Ok(Settings {
        scope: match entered.scope {
            wire::Scope::EveryCustomer => Scope::EveryCustomer,
            wire::Scope::OnlyExisting => Scope::OnlyExisting,
        },
        status: status_from_wire(entered.status),
        grounds: (!grounds.is_empty()).then(|| grounds.to_owned()),
        confirmation_mails: entered.confirmation_mails,
        rules,
        exceptions,
        left_alone,
        tag: tag.to_owned(),
        include_role_addresses: entered.include_role_addresses,
        include_inactive: entered.include_inactive,
        include_projects: entered.include_projects,
        names: entered.names,
        addresses: entered.addresses,
        phones: entered.phones,
        invoices: entered.invoices,
        sales_receipts: entered.sales_receipts,
        items: entered.items,
        financial_status: current.financial_status,
    })
}

/// Leaves a customer alone, or no longer; returns whether that is a change.
pub fn leave_alone(settings: &mut Settings, customer: &str, leave_alone: bool) -> bool {
    let id = CustomerId::from(customer);
    if leave_alone {
        settings.left_alone.insert(id)
    } else {
        settings.left_alone.remove(&id)
    }
}

impl Look {
    /// The choices as the window shows them, with the names of customers from the file.
    ///
    /// # Errors
    /// The file's.
    pub fn settings(&self, settings: &Settings) -> Result<wire::ConnectionSettings, LookError> {
        settings_to_wire(settings, |id| {
            let customer = self.store.customer(id)?;
            Ok(
                customer
                    .map(|customer| (customer.display_name, used_address(customer.email_field))),
            )
        })
    }
}

fn needs_grounds(
    status: wire::MarketingStatus,
    grounds: &str,
    field: &'static str,
) -> Result<(), LookError> {
    if status == wire::MarketingStatus::Subscribed && grounds.is_empty() {
        return Err(LookError::GroundsMissing { field });
    }
    Ok(())
}

fn filled<'t>(id: &'t str, field: &'static str) -> Result<&'t str, LookError> {
    if id.trim().is_empty() {
        return Err(LookError::Invalid {
            field,
            problem: "an entry names no customer",
        });
    }
    Ok(id)
}

/// A status of new contacts.
pub const fn status_to_wire(status: NewStatus) -> wire::MarketingStatus {
    match status {
        NewStatus::Subscribed => wire::MarketingStatus::Subscribed,
        NewStatus::Unsubscribed => wire::MarketingStatus::Unsubscribed,
        NewStatus::Transactional => wire::MarketingStatus::NotSubscribed,
    }
}

/// A status of new contacts.
pub const fn status_from_wire(status: wire::MarketingStatus) -> NewStatus {
    match status {
        wire::MarketingStatus::Subscribed => NewStatus::Subscribed,
        wire::MarketingStatus::Unsubscribed => NewStatus::Unsubscribed,
        wire::MarketingStatus::NotSubscribed => NewStatus::Transactional,
    }
}

pub(super) fn condition_to_wire(when: &RuleCondition) -> wire::RuleCondition {
    match when {
        RuleCondition::CustomerType { id, name } => wire::RuleCondition::CustomerType {
            id: id.clone(),
            name: name.clone(),
        },
        RuleCondition::Country { country } => wire::RuleCondition::Country {
            country: country.clone(),
        },
        RuleCondition::LastSaleBefore { date } => {
            wire::RuleCondition::LastSaleBefore { date: *date }
        }
        RuleCondition::LastSaleSince { date } => wire::RuleCondition::LastSaleSince { date: *date },
    }
}

fn rule_to_wire(rule: &StatusRule) -> wire::StatusRule {
    wire::StatusRule {
        when: condition_to_wire(&rule.when),
        status: status_to_wire(rule.status),
        grounds: rule.grounds.clone(),
    }
}

fn rule_from_wire(rule: &wire::StatusRule) -> Result<StatusRule, LookError> {
    let invalid = |problem| LookError::Invalid {
        field: "rules",
        problem,
    };
    let grounds = rule.grounds.trim();
    needs_grounds(rule.status, grounds, "rules")?;
    let when = match &rule.when {
        wire::RuleCondition::CustomerType { id, name } if !id.is_empty() => {
            RuleCondition::CustomerType {
                id: id.clone(),
                name: name.clone(),
            }
        }
        wire::RuleCondition::CustomerType { .. } => {
            return Err(invalid("a rule names no type of customers"));
        }
        wire::RuleCondition::Country { country } => {
            let code = country.trim().to_ascii_uppercase();
            if code.len() != 2 || !code.bytes().all(|letter| letter.is_ascii_uppercase()) {
                return Err(invalid("a country has two letters"));
            }
            RuleCondition::Country { country: code }
        }
        wire::RuleCondition::LastSaleBefore { date } => {
            RuleCondition::LastSaleBefore { date: *date }
        }
        wire::RuleCondition::LastSaleSince { date } => RuleCondition::LastSaleSince { date: *date },
    };
    Ok(StatusRule {
        when,
        status: status_from_wire(rule.status),
        grounds: grounds.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(settings: &Settings) -> Result<Settings, LookError> {
        let shown = settings_to_wire(settings, |_| Ok::<_, LookError>(None))?;
        settings_from_wire(&shown, settings)
    }

    fn full() -> Settings {
        let mut settings = Settings {
            status: NewStatus::Subscribed,
            grounds: Some("Signed forms".to_owned()),
            financial_status: true,
            rules: vec![StatusRule {
                when: RuleCondition::Country {
                    country: "DE".to_owned(),
                },
                status: NewStatus::Transactional,
                grounds: String::new(),
            }],
            ..Settings::default()
        };
        leave_alone(&mut settings, "7", true);
        settings.exceptions.insert(
            "9".into(),
            StatusException {
                status: NewStatus::Subscribed,
                grounds: "By phone".to_owned(),
            },
        );
        settings
    }

    #[test]
    fn settings_come_back_as_they_went() {
        assert_eq!(round_trip(&full()).unwrap(), full());
        assert_eq!(
            round_trip(&Settings::default()).unwrap(),
            Settings::default()
        );
    }

    #[test]
    fn nobody_is_subscribed_without_grounds() {
        let fields = |change: fn(&mut Settings)| {
            let mut settings = full();
            change(&mut settings);
            match round_trip(&settings).unwrap_err() {
                LookError::GroundsMissing { field } => field,
                other => panic!("{other}"),
            }
        };
        assert_eq!(fields(|settings| settings.grounds = None), "grounds");
        assert_eq!(
            fields(|settings| settings.rules[0].status = NewStatus::Subscribed),
            "rules"
        );
        assert_eq!(
            fields(|settings| {
                for exception in settings.exceptions.values_mut() {
                    exception.grounds = "  ".to_owned();
                }
            }),
            "exceptions"
        );
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_field() {
        let mut settings = full();
        settings.tag = " ".to_owned();
        assert_eq!(round_trip(&settings).unwrap_err().code(), "invalid");
        settings.tag = "é".repeat(100);
        assert!(round_trip(&settings).is_ok(), "characters count, not bytes");
        settings.tag.push('x');
        assert!(round_trip(&settings).is_err());
    }

    #[test]
    fn leaving_alone_twice_is_no_change() {
        let mut settings = Settings::default();
        assert!(leave_alone(&mut settings, "7", true));
        assert!(!leave_alone(&mut settings, "7", true));
        assert!(leave_alone(&mut settings, "7", false));
        assert_eq!(settings, Settings::default());
    }
}
