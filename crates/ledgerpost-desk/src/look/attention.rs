//! What of a connection needs a person.

use jiff::{SignedDuration, Timestamp};
use ledgerpost_core::Amount;
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_ipc::contacts::{ContactState, SkipCode};
use ledgerpost_ipc::home::Attention;

use super::convert::money;
use super::error::LookError;
use super::home::{CALLS_LIMIT, Contacts, HomeContext};
use super::index::ContactIndex;
use super::totals::Sums;
use super::unreadable::unreadable_count;
use super::{Kept, Look};

/// Of a hundred calls, how many have to be used before that is worth a word.
const MANY_CALLS: u32 = 80;
/// How many days before its end a sign-in is worth a word.
const SIGN_IN_ENDS: u32 = 14;
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Look {
    /// What needs a person, worst first.
    pub(super) fn attention(
        &self,
        context: &HomeContext<'_>,
        planned: Option<u32>,
        (kept, contacts): (&Kept, &Contacts),
        sums: &Sums,
        settled: bool,
    ) -> Result<Vec<Attention>, LookError> {
        let mut items = Vec::new();
        if let Some(stopped) = &context.stopped {
            items.push(Attention::Stopped {
                error: stopped.error.clone(),
            });
        }
        if let Some(changes) = planned {
            items.push(Attention::PlanWaits { changes });
        }
        let rest = sums.rest();
        let mismatches = self.mismatches()?;
        if mismatches.is_some() || (settled && !rest.is_zero()) {
            items.push(Attention::TotalsDiffer {
                amount: money(rest, &kept.about.currency),
                orders: mismatches.unwrap_or_default(),
            });
        }
        if let Some(days) = context.quickbooks.days_left
            && days <= SIGN_IN_ENDS
        {
            items.push(Attention::SignInEnds { days });
        }
        let company = self.store.company()?;
        if company.is_some_and(|company| company.has_lapsed()) {
            items.push(Attention::SubscriptionLapsed);
        }
        if contacts.refused > 0 {
            items.push(self.refused(kept, contacts.refused, sums)?);
        }
        items.extend(self.left_alone(&kept.index, context.now)?);
        let unreadable = unreadable_count(&self.store)?;
        if unreadable > 0 {
            items.push(Attention::Unreadable { count: unreadable });
        }
        let used = self.calls_this_month(context.now)?;
        if used >= CALLS_LIMIT / 100 * MANY_CALLS {
            items.push(Attention::FewCallsLeft {
                used,
                limit: CALLS_LIMIT,
            });
        }
        Ok(items)
    }

    fn refused(&self, kept: &Kept, contacts: u32, sums: &Sums) -> Result<Attention, LookError> {
        let (documents, amount) = sums.refused();
        let amount =
            (amount != Amount::ZERO || documents > 0).then(|| money(amount, &kept.about.currency));
        let only = kept
            .index
            .entries
            .iter()
            .find(|entry| entry.state == ContactState::Refused);
        Ok(match only {
            Some(entry) if contacts == 1 => {
                let row = self
                    .store
                    .page_row(entry.row, None)?
                    .ok_or(LookError::NotFound { what: "customer" })?;
                Attention::ContactRefused {
                    customer: row.customer,
                    name: row.name,
                    code: entry.reason.unwrap_or(SkipCode::Refused),
                    documents,
                    amount,
                }
            }
            _ => Attention::ContactsRefused {
                count: contacts,
                documents,
                amount,
            },
        })
    }

    /// Customers who stay out for a reason that the owner can do something about, the most frequent
    /// reason first.
    fn left_alone(
        &self,
        index: &ContactIndex,
        now: Timestamp,
    ) -> Result<Vec<Attention>, LookError> {
        // Whoever was left alone from the beginning is not new in the first week.
        let first = self.store.first_sync_ended()?;
        let week_ago = now.checked_sub(WEEK).unwrap_or(now);
        let since = first.map_or(now, |first| first.max(week_ago));
        let mut reasons: Vec<(SkipCode, u32, u32)> = Vec::new();
        for entry in &index.entries {
            let Some(code) = entry.reason.filter(|code| can_be_helped(*code)) else {
                continue;
            };
            let new = entry
                .skipped_since
                .is_some_and(|at| at > since.as_microsecond());
            match reasons.iter_mut().find(|(known, _, _)| *known == code) {
                Some((_, customers, news)) => {
                    *customers += 1;
                    *news += u32::from(new);
                }
                None => reasons.push((code, 1, u32::from(new))),
            }
        }
        reasons.sort_by_key(|(_, customers, _)| std::cmp::Reverse(*customers));
        Ok(reasons
            .into_iter()
            .map(|(code, count, new_this_week)| Attention::LeftAlone {
                code,
                count,
                new_this_week,
            })
            .collect())
    }
}

/// Whether the owner can do something in QuickBooks so that the customer goes.
const fn can_be_helped(code: SkipCode) -> bool {
    matches!(
        code,
        SkipCode::NoEmail
            | SkipCode::InvalidEmail
            | SkipCode::SampleDomain
            | SkipCode::AddressInUse
    )
}
