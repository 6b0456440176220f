//! What is written about people in the audience: fields and tags.

use ledgerpost_core::change::Action;
use ledgerpost_core::destination::{MemberStatus, MergeFieldKind};
use ledgerpost_core::settings::Settings;

use super::super::company::{customer, empty, hash};

#[test]
fn a_linked_contact_is_written_when_quickbooks_changes_and_not_before() {
    let mut mirror = empty();
    mirror.add(customer("1", "a@one.test"));
    let settings = Settings::default();
    mirror.sync(&settings);
    let key = hash("a@one.test");
    mirror.members.get_mut(&key).unwrap().fields.first_name = Some("Ada".into());
    mirror.members.get_mut(&key).unwrap().tags.clear();
    assert!(
        mirror.sync(&settings).codes().is_empty(),
        "the owner's own edits stay"
    );
    mirror.edit("1", |row| row.family_name = Some("Byron".into()));
    let round = mirror.sync(&settings);
    let Action::UpdateContact(update) = round.of(key.as_str())[0] else {
        panic!("an update");
    };
    assert_eq!(update.before.first_name.as_deref(), Some("Ada"));
    assert_eq!(update.after.last_name.as_deref(), Some("Byron"));
}

#[test]
fn a_member_who_is_as_they_should_be_is_tied_without_a_write() {
    let mut mirror = empty();
    mirror
        .add(customer("1", "a@one.test"))
        .member("a@one.test", MemberStatus::Subscribed);
    let member = mirror.members.get_mut(&hash("a@one.test")).unwrap();
    member.fields.first_name = Some("Given1".into());
    member.fields.last_name = Some("Family".into());
    member.tags = vec!["quickbooks ONLINE".into()];
    let round = mirror.sync(&Settings::default());
    assert!(round.codes().is_empty());
    assert_eq!((round.summary.ties, round.summary.customers.same), (1, 1));
    assert!(!mirror.contacts[&hash("a@one.test")].created_by_us);
}

#[test]
fn fields_that_the_audience_lacks_are_not_sent() {
    let mut mirror = empty();
    let fields = &mut mirror.audience.as_mut().unwrap().merge_fields;
    fields.remove("LNAME");
    fields.get_mut("PHONE").unwrap().kind = MergeFieldKind::PhoneUs;
    fields.get_mut("FNAME").unwrap().tag = "fname".into();
    mirror.add(customer("1", "a@one.test"));
    mirror.edit("1", |row| row.phone = Some("+44 20 7946 0958".into()));
    mirror.sync(&Settings::default());
    let fields = &mirror.members[&hash("a@one.test")].fields;
    assert_eq!(fields.first_name.as_deref(), Some("Given1"));
    assert_eq!((&fields.last_name, &fields.phone), (&None, &None));
}

#[test]
fn a_business_goes_by_its_display_name() {
    let mut mirror = empty();
    mirror.add(customer("1", "a@one.test"));
    mirror.edit("1", |row| {
        row.given_name = None;
        row.family_name = None;
    });
    mirror.sync(&Settings::default());
    let fields = &mirror.members[&hash("a@one.test")].fields;
    assert_eq!(fields.first_name.as_deref(), Some("Customer 1"));
}

#[test]
fn another_tag_in_the_settings_goes_on_beside_the_old_one() {
    let mut mirror = empty();
    mirror
        .add(customer("1", "a@one.test"))
        .add(customer("2", "b@two.test"))
        .member("b@two.test", MemberStatus::Subscribed);
    mirror.sync(&Settings::default());
    // A person took the first tag off one of them, and gave the other one the second.
    mirror
        .members
        .get_mut(&hash("a@one.test"))
        .unwrap()
        .tags
        .clear();
    let other = mirror.members.get_mut(&hash("b@two.test")).unwrap();
    other.tags.push("SHOP".to_owned());
    let settings = Settings {
        tag: " Shop ".to_owned(),
        ..Settings::default()
    };
    let round = mirror.sync(&settings);
    assert_eq!(round.codes(), ["tag_contact"], "shown in the plan");
    let tags = |email: &str| mirror.members[&hash(email)].tags.clone();
    assert_eq!(tags("a@one.test"), ["Shop"]);
    assert_eq!(tags("b@two.test"), ["QuickBooks Online", "SHOP"]);
    let capitals = Settings {
        tag: "SHOP".to_owned(),
        ..Settings::default()
    };
    assert_eq!(mirror.sync(&capitals).codes(), [""; 0], "the same tag");
    let none = Settings {
        tag: String::new(),
        ..Settings::default()
    };
    assert_eq!(mirror.sync(&none).codes(), [""; 0], "no tag leaves them");
}
