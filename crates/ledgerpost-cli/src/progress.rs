//! Shows progress: a bar with exact counts and time left on a terminal, plain lines elsewhere.

use std::io::{IsTerminal as _, stderr};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use ledgerpost_engine::{Phase, Progress, Unwatched, Watch};
use ledgerpost_net::http::{HeldUp, HoldUp, Meter};

use crate::screen::note;
use crate::words::{answers_again_words, count, held_up_words, phase_words};

/// How often it is looked whether what holds up a run is over: a service that asked for slower requests
/// does not say when it no longer minds.
const GLANCE: Duration = Duration::from_secs(1);

/// Shows a run while it goes on.
pub(crate) trait Show: Watch {
    /// A service began to hold up the run, or ceased to.
    fn held_up(&self, by: Option<HeldUp>);

    /// A service still holds up the run.
    fn still_held_up(&self, _: HeldUp) {}
}

/// The right way for where the standard error goes.
pub(crate) fn shown(json: bool) -> Arc<dyn Show> {
    if json {
        Arc::new(Unwatched)
    } else if stderr().is_terminal() {
        Arc::new(Bars(Mutex::default()))
    } else {
        Arc::new(Lines::default())
    }
}

/// Shows what holds up the requests that this meter counts, as long as anything is shown.
pub(crate) fn show_hold_ups(show: Weak<dyn Show>, meter: Meter) {
    tokio::spawn(async move {
        let mut before = None;
        loop {
            let now = meter.held_up().into_iter().next();
            let what = |held_up: HeldUp| (held_up.why, held_up.service);
            let Some(show) = show.upgrade() else {
                return;
            };
            if now.map(what) != before.map(what) {
                show.held_up(now);
            } else if let Some(by) = now {
                show.still_held_up(by);
            }
            drop(show);
            before = now;
            tokio::select! {
                () = meter.held_up_changed() => {}
                () = tokio::time::sleep(GLANCE), if now.is_some() => {}
            }
        }
    });
}

/// Whoever asks for JSON reads the result.
impl Show for Unwatched {
    fn held_up(&self, _: Option<HeldUp>) {}
}

/// A bar for each phase under way.
struct Bars(Mutex<Shown>);

#[derive(Default)]
struct Shown {
    rows: MultiProgress,
    bars: Vec<(Phase, ProgressBar)>,
    /// What holds up the run, in words.
    held_up: Option<ProgressBar>,
}

impl Shown {
    fn clear(&mut self) {
        for (_, bar) in self.bars.drain(..) {
            bar.finish_and_clear();
        }
    }

    fn held_up(&mut self, words: Option<String>) {
        if let Some(row) = self.held_up.take() {
            row.finish_and_clear();
            self.rows.remove(&row);
        }
        self.held_up = words.map(|words| {
            let style = ProgressStyle::with_template("{msg}").expect("the template is valid");
            let row = ProgressBar::no_length().with_style(style);
            let row = self.rows.add(row);
            row.set_message(words);
            row.tick();
            row
        });
    }

    fn bar(&mut self, phase: Phase) -> &ProgressBar {
        if self.bars.iter().any(|(shown, _)| !shown.is_beside(phase)) {
            self.clear();
        }
        let place = self.bars.iter().position(|(shown, _)| *shown == phase);
        let place = place.unwrap_or_else(|| {
            let bar = ProgressBar::no_length().with_message(phase_words(phase));
            let bar = self.rows.add(bar);
            bar.enable_steady_tick(Duration::from_millis(200));
            self.bars.push((phase, bar));
            self.bars.len() - 1
        });
        &self.bars[place].1
    }
}

impl Watch for Bars {
    fn report(&self, progress: Progress) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bar = shown.bar(progress.phase);
        let template = match progress.total {
            Some(total) => {
                bar.set_length(total);
                "{msg} {bar:30} {human_pos} of {human_len}, {eta} left"
            }
            None => "{msg} {human_pos}",
        };
        let style = ProgressStyle::with_template(template).expect("both templates are valid");
        bar.set_style(style);
        bar.set_position(progress.done);
    }
}

impl Show for Bars {
    fn held_up(&self, by: Option<HeldUp>) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.held_up(by.and_then(held_up_words));
    }

    fn still_held_up(&self, by: HeldUp) {
        let shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(row), Some(words)) = (&shown.held_up, held_up_words(by)) {
            row.set_message(words);
        }
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        let shown = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        shown.held_up(None);
        shown.clear();
    }
}

/// One line for each phase that had something to count, once it is over.
#[derive(Default)]
struct Lines {
    open: Mutex<Vec<Progress>>,
    /// The service that did not answer.
    silent: Mutex<Option<&'static str>>,
}

impl Watch for Lines {
    fn report(&self, progress: Progress) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open
            .iter()
            .any(|before| !before.phase.is_beside(progress.phase))
        {
            open.drain(..).for_each(write_line);
        }
        match open
            .iter_mut()
            .find(|before| before.phase == progress.phase)
        {
            Some(before) => *before = progress,
            None => open.push(progress),
        }
    }
}

impl Show for Lines {
    fn held_up(&self, by: Option<HeldUp>) {
        let mut silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(again) = silent.take().and_then(answers_again_words) {
            note(&again);
        }
        *silent = by
            .filter(|by| by.why == HoldUp::NoAnswer)
            .map(|by| by.service);
        if let Some(words) = by.and_then(held_up_words) {
            note(&words);
        }
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.open
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
            .for_each(write_line);
    }
}

fn write_line(progress: Progress) {
    let what = phase_words(progress.phase);
    match progress.total {
        Some(total) if total > 0 => {
            note(&format!(
                "{what}: {} of {}",
                count(progress.done),
                count(total)
            ));
        }
        None if progress.done > 0 => note(&format!("{what}: {}", count(progress.done))),
        _ => {}
    }
}
