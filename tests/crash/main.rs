//! Kill -9 at any moment, then restart: the end is as if nothing had happened.
//!
//! Each test lives two equal companies. The twin is never disturbed; it tells what the end has to
//! be, and how many requests and how much time a sync takes. The other one syncs in processes that
//! are killed at moments drawn from its seed: after a while, while a request is under way, and right
//! after a request took effect without its answer arriving.

#![expect(
    clippy::unwrap_used,
    reason = "a test ends where something is not as it should be"
)]

#[cfg(unix)]
mod disk;
mod kill;
mod local;

use std::time::{Duration, Instant};

use ledgerpost_core::settings::Settings;
use ledgerpost_sim::Profile;
use ledgerpost_sim::frame::OldRefreshToken;
use ledgerpost_tests::{Journey, World, orders_of, statuses_of};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rstest::rstest;

use crate::kill::{Measure, PATIENCE, kill_until_done, run_to_end};
use crate::local::{archived, local_state};

/// Kills in each test of syncs; eight tests make 208. `LEDGERPOST_KILLS` asks for more.
const KILLS: u32 = 26;
/// Kills in each test of taking back and of leaving.
const KILLS_LEAVING: u32 = 12;

fn wanted() -> u32 {
    match std::env::var("LEDGERPOST_KILLS") {
        Ok(kills) => kills.parse().unwrap(),
        Err(_) => KILLS,
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn killed_syncs_end_as_undisturbed_ones(#[values(1, 2, 3, 4, 5)] seed: u64) {
    let kills = live(seed, Profile::Fast).await;
    assert!(kills >= wanted());
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn killed_syncs_behind_a_bad_network_end_as_undisturbed_ones(#[values(6, 7, 8)] seed: u64) {
    let kills = live(seed, Profile::Flaky).await;
    assert!(kills >= wanted());
}

/// Lives through a first sync and as many incremental ones as it takes.
async fn live(seed: u64, profile: Profile) -> u32 {
    let (mut twin, mut other) = two(seed, profile).await;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut kills = 0;
    let mut round = 0;
    while kills < wanted() {
        let what = format!("seed {seed}, round {round}");
        kills += both(&mut twin, &mut other, [&["sync"]; 2], &mut random, &what).await;
        assert_eq!(
            local_state(&other.store()),
            local_state(&twin.store()),
            "{what}: the company's file differs"
        );
        other.check().await;
        round += 1;
        for journey in [&twin, &other] {
            journey.edit_books(seed * 1_000 + round, 25);
        }
    }
    let comparison = other.reconcile().await;
    assert!(comparison.agrees(), "{comparison:?}");
    kills
}

/// Syncs, takes the sync back and syncs again, until taking back was killed often enough.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_undo_ends_as_an_undisturbed_one(
    #[values((11, Profile::Fast), (12, Profile::Flaky))] (seed, profile): (u64, Profile),
) {
    let (mut twin, mut other) = two(seed, profile).await;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let (mut kills, mut round) = (0, 0);
    while kills < KILLS_LEAVING {
        let what = format!("seed {seed}, round {round}");
        let known = [count_runs(&mut twin), count_runs(&mut other)];
        for journey in [&mut twin, &mut other] {
            sync_alone(journey).await;
        }
        if count_runs(&mut twin) > known[0] + 1 || count_runs(&mut other) > known[1] + 1 {
            // Behind a bad network the sync took several runs: taking the last one back would not be
            // taking back the sync.
            for journey in [&mut twin, &mut other] {
                journey.edit_books(seed * 1_000 + round, 25);
                journey.mark();
            }
            round += 1;
            continue;
        }
        // A killed undo leaves more runs behind, so the numbers are not the same in both.
        let (run, others) = (last_run(&mut twin), last_run(&mut other));
        let before = twin.world().mailchimp_state();
        let undo = [["undo", run.as_str()], ["undo", others.as_str()]];
        let undo = [&undo[0][..], &undo[1]];
        kills += both(&mut twin, &mut other, undo, &mut random, &what).await;
        assert_ne!(
            before,
            twin.world().mailchimp_state(),
            "{what}: it does something"
        );
        assert_eq!(
            local_state(&other.store()),
            local_state(&twin.store()),
            "{what}"
        );
        // What was archived stays so, which is no change of ours to a status.
        for journey in [&mut twin, &mut other] {
            journey.edit_books(seed * 1_000 + round, 25);
            journey.mark();
        }
        round += 1;
    }
    for journey in [&mut twin, &mut other] {
        sync_alone(journey).await;
    }
    assert_eq!(
        other.world().mailchimp_state(),
        twin.world().mailchimp_state()
    );
    let comparison = other.reconcile().await;
    assert!(comparison.agrees(), "{comparison:?}");
    other.check().await;
}

/// Leaves, and where leaving was not killed often enough, connects and leaves again.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_disconnect_ends_as_an_undisturbed_one(
    #[values((13, Profile::Fast), (14, Profile::Flaky))] (seed, profile): (u64, Profile),
) {
    let (mut twin, mut other) = two(seed, profile).await;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let (mut kills, mut round) = (0, 0);
    while kills < KILLS_LEAVING {
        let what = format!("seed {seed}, round {round}");
        for journey in [&mut twin, &mut other] {
            sync_alone(journey).await;
        }
        let people = statuses_of(&other.world().mailchimp_state());
        let sent = orders_of(&other.world().mailchimp_state());
        kills += both(
            &mut twin,
            &mut other,
            [&["disconnect"]; 2],
            &mut random,
            &what,
        )
        .await;
        let state = other.world().mailchimp_state();
        assert_eq!(statuses_of(&state), people, "{what}: contacts stay");
        assert_eq!(orders_of(&state), [].into(), "{what}: orders are gone");
        assert_eq!(other.app().companies().unwrap(), [], "{what}: signed out");
        assert_eq!(archived(&other), sent.len(), "{what}: the archive is whole");
        round += 1;
        for journey in [&mut twin, &mut other] {
            sign_in(journey).await;
        }
    }
}

/// Two equal companies. The second one's network is as the profile says.
async fn two(seed: u64, profile: Profile) -> (Journey, Journey) {
    let options = World::untidy(seed, 30, 60);
    let twin = Journey::linked(options.clone()).await;
    let other = Journey::linked(ledgerpost_sim::Options { profile, ..options }).await;
    if profile == Profile::Flaky {
        // There each refresh changes the token. Where the old one dies with it, a kill before the new
        // one is saved ends the sign-in for good, whatever the program does (`quickbooks-online.md` 1.5).
        other
            .world()
            .switch(|to| to.refresh_old_token = OldRefreshToken::LivesADay);
    }
    (twin, other)
}

/// Does the same in both companies: undisturbed in the first one, with kills in the second. Returns
/// how many.
async fn both(
    twin: &mut Journey,
    other: &mut Journey,
    [undisturbed, killed]: [&[&str]; 2],
    random: &mut ChaCha8Rng,
    what: &str,
) -> u32 {
    twin.world().clear_log();
    let begun = Instant::now();
    twin.close();
    run_to_end(twin, undisturbed);
    let measure = Measure {
        time: begun.elapsed(),
        requests: {
            let (quickbooks, mailchimp) = twin.world().requests();
            quickbooks + mailchimp
        },
    };
    twin.reopen().await.unwrap();

    other.close();
    // The last start is left alone, or a first sync would never end.
    let most = random.random_range(3..9);
    let kills = kill_until_done(other, killed, measure, most, random).await;
    other.add_kills(kills);
    other.reopen().await.unwrap();
    assert_eq!(
        other.world().mailchimp_state(),
        twin.world().mailchimp_state(),
        "{what}: Mailchimp differs"
    );
    kills
}

/// Syncs until it is done; behind a bad network that takes several starts.
async fn sync_alone(journey: &mut Journey) {
    journey.close();
    let undisturbed = Measure {
        time: Duration::ZERO,
        requests: 1,
    };
    let mut random = ChaCha8Rng::seed_from_u64(0);
    kill_until_done(journey, &["sync"], undisturbed, 0, &mut random).await;
    journey.reopen().await.unwrap();
}

fn last_run(journey: &mut Journey) -> String {
    journey.store().runs(1).unwrap()[0].id.to_string()
}

fn count_runs(journey: &mut Journey) -> usize {
    journey.store().runs(1_000).unwrap().len()
}

/// Signs in and links again; behind a bad network that takes several tries.
async fn sign_in(journey: &mut Journey) {
    for attempt in 0..PATIENCE {
        let connected = match journey.connect().await {
            Ok(()) => journey.link(Settings::default()).await.map(drop),
            Err(error) => Err(error),
        };
        match connected {
            Ok(()) => return,
            Err(error) => assert!(attempt + 1 < PATIENCE, "cannot sign in: {error}"),
        }
    }
}
