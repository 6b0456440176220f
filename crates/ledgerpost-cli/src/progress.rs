//! Shows progress: a bar with exact counts and time left on a terminal, plain lines elsewhere.

use std::io::{IsTerminal as _, stderr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use ledgerpost_engine::{Phase, Progress, Unwatched, Watch};

use crate::screen::note;
use crate::words::{count, phase_words};

/// The right way for where the standard error goes.
pub(crate) fn watch(json: bool) -> Arc<dyn Watch> {
    if json {
        Arc::new(Unwatched)
    } else if stderr().is_terminal() {
        Arc::new(Bars(Mutex::default()))
    } else {
        Arc::new(Lines(Mutex::default()))
    }
}

/// A bar for each phase under way.
struct Bars(Mutex<Shown>);

#[derive(Default)]
struct Shown {
    rows: MultiProgress,
    bars: Vec<(Phase, ProgressBar)>,
}

impl Shown {
    fn clear(&mut self) {
        for (_, bar) in self.bars.drain(..) {
            bar.finish_and_clear();
        }
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

impl Drop for Bars {
    fn drop(&mut self) {
        self.0
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

/// One line for each phase that had something to count, once it is over.
struct Lines(Mutex<Vec<Progress>>);

impl Watch for Lines {
    fn report(&self, progress: Progress) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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

impl Drop for Lines {
    fn drop(&mut self) {
        self.0
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
