//! Shows progress: a bar with exact counts and time left on a terminal, plain lines elsewhere.

use std::io::{IsTerminal as _, stderr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use ledgerpost_engine::{Phase, Progress, Unwatched, Watch};

use crate::screen::note;
use crate::words::{count, phase_words};

/// The right way for where the standard error goes.
pub(crate) fn watch(json: bool) -> Arc<dyn Watch> {
    if json {
        Arc::new(Unwatched)
    } else if stderr().is_terminal() {
        Arc::new(Bars(Mutex::new(None)))
    } else {
        Arc::new(Lines(Mutex::new(None)))
    }
}

struct Bars(Mutex<Option<(Phase, ProgressBar)>>);

impl Watch for Bars {
    fn report(&self, progress: Progress) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = shown
            .as_ref()
            .is_some_and(|(phase, _)| *phase == progress.phase);
        if !same {
            if let Some((_, bar)) = shown.take() {
                bar.finish_and_clear();
            }
            let bar = ProgressBar::no_length().with_message(phase_words(progress.phase));
            bar.enable_steady_tick(Duration::from_millis(200));
            *shown = Some((progress.phase, bar));
        }
        if let Some((_, bar)) = shown.as_ref() {
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
}

impl Drop for Bars {
    fn drop(&mut self) {
        let shown = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, bar)) = shown.take() {
            bar.finish_and_clear();
        }
    }
}

/// One line for each phase that had something to count, once it is over.
struct Lines(Mutex<Option<Progress>>);

impl Watch for Lines {
    fn report(&self, progress: Progress) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = last.replace(progress)
            && before.phase != progress.phase
        {
            write_line(before);
        }
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        let last = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = last.take() {
            write_line(last);
        }
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
