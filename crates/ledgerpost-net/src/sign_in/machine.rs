//! The states of a sign-in as a table. Pure, so that every pair can be tested.

use crate::error::SignInError;

/// Where a sign-in is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Not begun.
    Idle,
    /// The port is open; the browser is next.
    Ready,
    /// The owner is in the browser.
    Waiting,
    /// The answer is here; the code is being exchanged.
    Exchanging,
    /// Signed in.
    Done,
    /// Ended by the owner, here or in the browser: back to where they came from.
    Cancelled,
    /// Ended by a fault: shown with a way to start again.
    Failed,
}

/// What happens to a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// The port is open.
    Listening,
    /// No port could be opened.
    NotListening,
    /// The browser was asked to open the address, or the address was printed.
    BrowserAsked,
    /// An answer with the right state and a code.
    Answered,
    /// The owner cancelled here or declined in the browser.
    GivenUp,
    /// Ten minutes went by, or the service sent the browser back with an error.
    Refused,
    /// Tokens.
    Granted,
    /// No tokens.
    NotGranted,
}

impl Event {
    /// The event that an error while waiting stands for.
    pub(super) const fn of_failure(error: &SignInError) -> Self {
        match error {
            SignInError::Cancelled | SignInError::Declined => Self::GivenUp,
            _ => Self::Refused,
        }
    }
}

impl Phase {
    /// All phases.
    pub const ALL: [Self; 7] = [
        Self::Idle,
        Self::Ready,
        Self::Waiting,
        Self::Exchanging,
        Self::Done,
        Self::Cancelled,
        Self::Failed,
    ];

    /// The phase after an event. An event that does not belong to a phase changes nothing: a second
    /// answer, say, that comes while the first one is being exchanged.
    #[must_use]
    pub const fn next(self, event: Event) -> Self {
        match (self, event) {
            (Self::Idle, Event::Listening) => Self::Ready,
            (Self::Ready, Event::BrowserAsked) => Self::Waiting,
            (Self::Ready | Self::Waiting, Event::GivenUp) => Self::Cancelled,
            (Self::Waiting, Event::Answered) => Self::Exchanging,
            (Self::Exchanging, Event::Granted) => Self::Done,
            (Self::Idle, Event::NotListening)
            | (Self::Waiting, Event::Refused)
            | (Self::Exchanging, Event::NotGranted) => Self::Failed,
            (phase, _) => phase,
        }
    }

    /// Whether nothing will happen any more.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Failed)
    }

    /// A stable word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Ready => "ready",
            Self::Waiting => "waiting",
            Self::Exchanging => "exchanging",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EVENTS: [Event; 8] = [
        Event::Listening,
        Event::NotListening,
        Event::BrowserAsked,
        Event::Answered,
        Event::GivenUp,
        Event::Refused,
        Event::Granted,
        Event::NotGranted,
    ];

    #[test]
    fn nothing_leaves_a_final_phase() {
        for phase in Phase::ALL.into_iter().filter(|phase| phase.is_final()) {
            for event in EVENTS {
                assert_eq!(phase.next(event), phase, "{phase:?} on {event:?}");
            }
        }
    }

    #[test]
    fn cancelling_is_not_possible_while_a_code_is_exchanged() {
        assert_eq!(Phase::Exchanging.next(Event::GivenUp), Phase::Exchanging);
    }

    proptest! {
        #[test]
        fn done_is_reached_by_the_whole_way_only(picks in prop::collection::vec(0..EVENTS.len(), 0..40)) {
            let way = [Event::Listening, Event::BrowserAsked, Event::Answered, Event::Granted];
            let mut phase = Phase::Idle;
            let mut steps = way.iter().peekable();
            for pick in picks {
                let event = EVENTS[pick];
                phase = phase.next(event);
                if steps.peek() == Some(&&event) {
                    steps.next();
                }
            }
            if phase == Phase::Done {
                prop_assert!(steps.peek().is_none());
            }
        }
    }
}
