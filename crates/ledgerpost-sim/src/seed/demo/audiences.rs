//! The Mailchimp account: three audiences, in which some of the customers are already.

use jiff::SignedDuration;

use super::super::account::{
    AccountSeed, SeedAddress, SeedAudience, SeedMember, SeedStatus, UnsubscribedBy,
};
use super::super::audience::stranger;
use super::super::end_of_history;
use super::Shop;
use super::fates::Fate;

/// The tag that the application's first sync would set; people who are the same have it already.
const TAG: &str = "QuickBooks Online";

impl Shop {
    pub(super) fn account(&self) -> AccountSeed {
        let known = self.of(&[Fate::Updated, Fate::Same]);
        let mut people: Vec<SeedMember> = known.iter().map(|id| self.member(*id)).collect();
        people.extend((0..94).map(|number| plain_stranger(number, "reader")));
        // 23 not subscribed and 38 unsubscribed, dealt from the end: 351 stay subscribed.
        deal(&mut people, 23, 38);
        // Beyond the 412 that Mailchimp counts: bounced, put away, deleted for good.
        for (offset, status) in [
            SeedStatus::Cleaned,
            SeedStatus::Archived,
            SeedStatus::Forgotten,
        ]
        .into_iter()
        .enumerate()
        {
            people.extend((0..3).map(|number| SeedMember {
                status,
                ..stranger(1000 + offset * 10 + number)
            }));
        }
        let wholesale: Vec<u64> = known.iter().copied().skip(60).take(64).collect();
        let workshop: Vec<u64> = known.iter().copied().skip(200).take(9).collect();
        let mut newsletter: Vec<SeedMember> = wholesale.iter().map(|id| self.member(*id)).collect();
        newsletter.extend((0..124).map(|number| plain_stranger(number, "trade")));
        deal(&mut newsletter, 5, 12);
        let mut signups: Vec<SeedMember> = workshop.iter().map(|id| self.member(*id)).collect();
        signups.extend((0..67).map(|number| plain_stranger(number, "potter")));
        deal(&mut signups, 7, 11);
        let audience = |name: &str, members| SeedAudience {
            name: name.to_owned(),
            double_opt_in: false,
            has_welcome: true,
            members,
        };
        AccountSeed {
            name: "Tidewater Ceramics".to_owned(),
            plan_contacts: 1500,
            audiences: vec![
                audience("Tidewater customers", people),
                audience("Wholesale newsletter", newsletter),
                audience("Workshop sign-ups 2023", signups),
            ],
        }
    }

    /// The member that a customer is already; with an older address when it is to be updated.
    fn member(&self, id: u64) -> SeedMember {
        let customer = &self.books.customers[&id];
        let same = self.fates[&id] == Fate::Same;
        let address = customer.bill.as_deref().and_then(|address| {
            Some(SeedAddress {
                addr1: if same {
                    address.lines.first()?.clone()
                } else {
                    "1 Old Wharf Road".to_owned()
                },
                addr2: String::new(),
                city: address.city.clone()?,
                state: address.state.clone()?,
                zip: address.postal_code.clone()?,
                country: "US".to_owned(),
            })
        });
        SeedMember {
            email: customer.email.clone().unwrap_or_default(),
            status: SeedStatus::Subscribed,
            first_name: customer.given_name.clone().unwrap_or_default(),
            last_name: customer.family_name.clone().unwrap_or_default(),
            address,
            phone: None,
            tags: if same {
                vec![TAG.to_owned()]
            } else {
                Vec::new()
            },
            changed: end_of_history() - SignedDuration::from_hours(24 * 30),
        }
    }
}

fn plain_stranger(number: usize, kind: &str) -> SeedMember {
    SeedMember {
        email: format!("{kind}{number}@potters-list.test"),
        status: SeedStatus::Subscribed,
        ..stranger(number)
    }
}

/// Deals statuses from the end of the list; the others stay subscribed.
fn deal(people: &mut [SeedMember], not_subscribed: usize, unsubscribed: usize) {
    let by = [UnsubscribedBy::Person, UnsubscribedBy::Admin];
    for (place, person) in people.iter_mut().rev().step_by(3).enumerate() {
        if place < not_subscribed {
            person.status = SeedStatus::Transactional;
        } else if place < not_subscribed + unsubscribed {
            person.status = SeedStatus::Unsubscribed(by[place % 4 / 3]);
        }
    }
}
