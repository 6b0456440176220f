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

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ledgerpost_core::ports::{Clock as _, Mirror as _};
use ledgerpost_core::settings::Settings;
use ledgerpost_sim::Profile;
use ledgerpost_sim::frame::{Action, FaultRule, OldRefreshToken};
use ledgerpost_store::CompanyStore;
use ledgerpost_tests::{Journey, World, orders_of, statuses_of};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rstest::rstest;

/// Kills in each test of syncs; eight tests make 208.
const KILLS: u32 = 26;
/// Kills in each test of taking back and of leaving.
const KILLS_LEAVING: u32 = 12;
/// In the profile `flaky` a sync may give up by itself: as often in a row before it is a failure.
const PATIENCE: u32 = 10;
const MANY: usize = 100_000;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn killed_syncs_end_as_undisturbed_ones(#[values(1, 2, 3, 4, 5)] seed: u64) {
    let kills = live(seed, Profile::Fast).await;
    assert!(kills >= KILLS);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn killed_syncs_behind_a_bad_network_end_as_undisturbed_ones(#[values(6, 7, 8)] seed: u64) {
    let kills = live(seed, Profile::Flaky).await;
    assert!(kills >= KILLS);
}

/// Lives through a first sync and as many incremental ones as it takes.
async fn live(seed: u64, profile: Profile) -> u32 {
    let (mut twin, mut other) = two(seed, profile).await;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut kills = 0;
    let mut round = 0;
    while kills < KILLS {
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

/// Orders in the largest archive that was written: a killed disconnect may leave another.
fn archived(journey: &Journey) -> usize {
    let companies = journey.data_folder().join("companies");
    let company = std::fs::read_dir(companies)
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let archives = std::fs::read_dir(company.path().join("archive")).unwrap();
    let orders = archives.map(|archive| {
        let mut text = String::new();
        let file = std::fs::File::open(archive.unwrap().path()).unwrap();
        // One that was cut off in the middle is no archive, and nothing had been removed then.
        match flate2::read::GzDecoder::new(file).read_to_string(&mut text) {
            Ok(_) => text.matches(r#"{"record":"order""#).count(),
            Err(_) => 0,
        }
    });
    orders.max().unwrap_or_default()
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

/// What the work takes when nobody disturbs it.
#[derive(Clone, Copy)]
struct Measure {
    time: Duration,
    requests: u64,
}

/// Starts the work and kills it, at most `most` times; the start after that is left alone. Returns
/// how many were killed.
async fn kill_until_done(
    journey: &Journey,
    work: &[&str],
    measure: Measure,
    most: u32,
    random: &mut ChaCha8Rng,
) -> u32 {
    let (mut killed, mut failed) = (0, 0);
    loop {
        let moment = (killed < most).then(|| Moment::draw(measure, random));
        match run(journey, work, moment).await {
            End::Killed => killed += 1,
            End::Done => return killed,
            End::Failed(message) => {
                failed += 1;
                assert!(failed < PATIENCE, "gave up {failed} times: {message}");
            }
        }
    }
}

/// When to kill.
#[derive(Clone, Copy)]
enum Moment {
    /// After so long.
    After(Duration),
    /// While the n-th request is under way and has not arrived.
    Before(u64),
    /// After the n-th request took effect; its answer never arrives.
    Effect(u64),
}

impl Moment {
    fn draw(measure: Measure, random: &mut ChaCha8Rng) -> Self {
        let nth = random.random_range(1..=measure.requests.max(1));
        match random.random_range(0..3) {
            0 => Self::After(measure.time.mul_f64(random.random_range(0.02..1.0))),
            1 => Self::Before(nth),
            _ => Self::Effect(nth),
        }
    }
}

enum End {
    Done,
    Killed,
    Failed(String),
}

/// One start, with or without a kill.
async fn run(journey: &Journey, work: &[&str], moment: Option<Moment>) -> End {
    let faults = journey.world().simulator().world().faults();
    faults.clear();
    let (nth, action) = match moment {
        Some(Moment::Before(nth)) => (
            Some(nth),
            Action::Delay {
                milliseconds: 60_000,
            },
        ),
        Some(Moment::Effect(nth)) => (Some(nth), Action::DropAfter),
        Some(Moment::After(_)) | None => (None, Action::DropBefore),
    };
    if nth.is_some() {
        let rule = FaultRule {
            service: None,
            method: None,
            path: None,
            nth,
            probability: None,
            times: None,
            action,
        };
        faults.add(rule).unwrap();
    }
    let begun = Instant::now();
    let mut child = spawn(journey, work);
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            faults.clear();
            let output = child.wait_with_output().unwrap();
            return if status.success() {
                End::Done
            } else {
                End::Failed(String::from_utf8_lossy(&output.stderr).into_owned())
            };
        }
        let due = match moment {
            Some(Moment::After(time)) => begun.elapsed() >= time,
            Some(Moment::Before(_) | Moment::Effect(_)) => {
                faults.rules().iter().any(|(_, hits)| *hits > 0)
            }
            None => false,
        };
        if due {
            // SIGKILL on Unix: nothing of the child runs after this.
            child.kill().unwrap();
            child.wait().unwrap();
            faults.clear();
            return End::Killed;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

fn spawn(journey: &Journey, work: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_crash-child"))
        .arg(journey.data_folder())
        .arg(journey.services())
        .arg(journey.world().now().to_string())
        .args(work)
        .env("RUST_BACKTRACE", "0")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn run_to_end(journey: &Journey, work: &[&str]) {
    let output = spawn(journey, work).wait_with_output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "undisturbed: {message}");
}

/// Links and consent entries, without times and numbers of runs.
fn local_state(store: &CompanyStore) -> Vec<String> {
    let mut lines = Vec::new();
    for link in store.contact_links(None, MANY).unwrap() {
        lines.push(format!("{link:?}"));
    }
    for link in store.product_links(None, MANY).unwrap() {
        lines.push(format!("{link:?}"));
    }
    for link in store.order_links(None, MANY).unwrap() {
        let body = store.order_body(&link.key).unwrap();
        lines.push(format!("{link:?} {body:?}"));
    }
    for skip in store
        .skips(&ledgerpost_store::SkipFilter::default(), 0, MANY)
        .unwrap()
    {
        lines.push(format!("{:?}", skip.skip));
    }
    let mut consent: Vec<String> = store
        .consent_entries(0, MANY)
        .unwrap()
        .into_iter()
        .map(|(_, entry)| {
            format!(
                "{} {:?} {:?} {}",
                entry.hash, entry.status, entry.how, entry.grounds
            )
        })
        .collect();
    consent.sort();
    lines.extend(consent);
    lines
}

/// A disk that takes no more, by a limit on the size of files: the sync ends with a message, and
/// with more room it goes on to the same end.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_takes_no_more_stops_a_sync_and_loses_nothing() {
    let options = World::untidy(9, 30, 60);
    let mut twin = Journey::linked(options.clone()).await;
    let mut other = Journey::linked(options).await;
    twin.close();
    run_to_end(&twin, &["sync"]);
    twin.reopen().await.unwrap();

    other.close();
    let mut stopped = 0;
    for kilobytes in [150, 250, 400, 600, 800, 1_000] {
        let output = Command::new("sh")
            .arg("-c")
            // Writing on then fails, as on a full disk, instead of ending the process.
            .arg("trap '' XFSZ; ulimit -f $0; exec \"$@\"")
            .arg((kilobytes * 2).to_string())
            .arg(env!("CARGO_BIN_EXE_crash-child"))
            .arg(other.data_folder())
            .arg(other.services())
            .arg(other.world().now().to_string())
            .arg("sync")
            .env("RUST_BACKTRACE", "0")
            .output()
            .unwrap();
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(!message.contains("panicked"), "{message}");
        if !output.status.success() {
            stopped += 1;
            let known = ["disk_full", "database_error", "file_error", "secrets_file"];
            assert!(
                known.iter().any(|code| message.starts_with(code)),
                "{message}"
            );
        }
    }
    assert!(stopped >= 2, "the limits were felt {stopped} times");
    run_to_end(&other, &["sync"]);
    other.reopen().await.unwrap();
    assert_eq!(
        other.world().mailchimp_state(),
        twin.world().mailchimp_state()
    );
    assert_eq!(local_state(&other.store()), local_state(&twin.store()));
    other.check().await;
}
