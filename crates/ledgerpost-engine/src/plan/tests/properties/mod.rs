//! Rules that hold for every company, every audience and every history of edits.

mod events;
mod promises;
mod settings;

use proptest::prelude::*;

use super::company::empty;
use crate::plan::Entry;
use events::{event, happen};
use promises::check;
use settings::settings;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_round_of_every_history_keeps_the_promises(
        first in settings(),
        double_optin in any::<bool>(),
        history in proptest::collection::vec(proptest::collection::vec(event(), 0..14), 1..5),
    ) {
        let mut mirror = empty();
        mirror.audience.as_mut().unwrap().double_optin = double_optin;
        let mut settings = first;
        for events in &history {
            for event in events {
                happen(&mut mirror, &mut settings, event);
            }
            let round = mirror.look(&settings);
            let again: Vec<Entry> = mirror.look(&settings).entries;
            prop_assert_eq!(&round.entries, &again);
            check(&mirror, &settings, &round);
            mirror.sync(&settings);
        }
    }
}
