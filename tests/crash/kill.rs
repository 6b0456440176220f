//! Processes that are killed at a moment drawn from a seed.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ledgerpost_core::ports::Clock as _;
use ledgerpost_sim::frame::{Action, FaultRule};
use ledgerpost_tests::Journey;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// In the profile `flaky` a sync may give up by itself: as often in a row before it is a failure.
pub(crate) const PATIENCE: u32 = 10;

/// What the work takes when nobody disturbs it.
#[derive(Clone, Copy)]
pub(crate) struct Measure {
    pub(crate) time: Duration,
    pub(crate) requests: u64,
}

/// Starts the work and kills it, at most `most` times; the start after that is left alone. Returns
/// how many were killed.
pub(crate) async fn kill_until_done(
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

pub(crate) fn run_to_end(journey: &Journey, work: &[&str]) {
    let output = spawn(journey, work).wait_with_output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "undisturbed: {message}");
}
