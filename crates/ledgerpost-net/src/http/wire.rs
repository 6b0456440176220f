//! A call from the client's point of view: paced, retried, authorised, cancellable.

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::pace::Pace;
use super::request::{RequestSpec, Response};
use super::retry::{RetryPolicy, Tries, Verdict, may_repeat};
use super::transport::Transport;
use crate::error::{HttpError, NetError};
use crate::secret::Secret;

/// Hands out what goes into the `Authorization` header.
#[async_trait]
pub trait Authorizer: Send + Sync {
    /// The token to use now; `None` sends none.
    async fn token(&self) -> Result<Option<Secret>, NetError>;

    /// A token to use after the service did not accept `rejected`.
    async fn token_after(&self, rejected: &Secret) -> Result<Secret, NetError>;
}

/// For calls that carry no token.
#[derive(Debug, Clone, Copy)]
pub struct NoAuthorization;

#[async_trait]
impl Authorizer for NoAuthorization {
    async fn token(&self) -> Result<Option<Secret>, NetError> {
        Ok(None)
    }

    async fn token_after(&self, rejected: &Secret) -> Result<Secret, NetError> {
        Ok(rejected.clone())
    }
}

/// The connection of a client to its service. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Wire {
    transport: Transport,
    pace: Pace,
    policy: RetryPolicy,
}

impl Wire {
    /// Puts the parts together.
    pub fn new(transport: Transport, pace: Pace, policy: RetryPolicy) -> Self {
        Self {
            transport,
            pace,
            policy,
        }
    }

    /// What sends and counts.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// What holds the ceilings.
    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    /// Sends until there is a final answer or no attempt left; then the last answer is returned
    /// whatever it says.
    ///
    /// # Errors
    ///
    /// [`HttpError::OutcomeUnknown`] when a write that may not be repeated may have arrived;
    /// [`HttpError::Cancelled`] when `cancel` was called while waiting or during a request that
    /// may be repeated (one that may not is always seen through to its answer).
    pub async fn call(
        &self,
        request: &RequestSpec,
        authorizer: &dyn Authorizer,
        judge: &(dyn Fn(&Response) -> Verdict + Sync),
        cancel: &CancellationToken,
    ) -> Result<Response, NetError> {
        let mut tries = self.policy.start();
        let mut token = until(cancel, authorizer.token()).await??;
        let mut reauthorized = false;
        loop {
            let outcome = self.attempt(request, token.as_ref(), cancel).await?;
            let wait = match outcome {
                Ok(response) => match judge(&response) {
                    Verdict::Final => return Ok(response),
                    Verdict::Reauthorize => {
                        let Some(rejected) = token.take_if(|_| !reauthorized) else {
                            return Ok(response);
                        };
                        reauthorized = true;
                        token = Some(until(cancel, authorizer.token_after(&rejected)).await??);
                        continue;
                    }
                    Verdict::Refused { wait, pause_all } => {
                        match self.next_wait(&mut tries, wait, pause_all) {
                            Some(wait) => wait,
                            None => return Ok(response),
                        }
                    }
                    Verdict::Failed { .. } if !request.idempotent => return Ok(response),
                    Verdict::Failed { wait } => match tries.next_wait(wait) {
                        Some(wait) => wait,
                        None => return Ok(response),
                    },
                },
                Err(error) if may_repeat(request, &error) => match tries.next_wait(None) {
                    Some(wait) => wait,
                    None => return Err(error.into()),
                },
                Err(error) => return Err(outcome_unknown(request, error).into()),
            };
            tracing::debug!(
                path = request.template,
                wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                "trying again"
            );
            until(cancel, tokio::time::sleep(wait)).await?;
            // A token may have run out during the wait.
            token = until(cancel, authorizer.token()).await??;
        }
    }

    /// The next wait; tells the others of this account if it is theirs too.
    fn next_wait(
        &self,
        tries: &mut Tries,
        asked: Option<std::time::Duration>,
        pause_all: bool,
    ) -> Option<std::time::Duration> {
        let wait = tries.next_wait(asked);
        if pause_all {
            let told = wait.or(asked).unwrap_or_default();
            let service = self.transport.service();
            self.transport.meter().note_slowed(service, told);
        }
        if pause_all && !self.policy.cap.is_zero() {
            // Even if this call gives up, the others should not run into the same wall.
            self.pace.pause(wait.or(asked).unwrap_or(self.policy.cap));
        }
        wait
    }

    async fn attempt(
        &self,
        request: &RequestSpec,
        token: Option<&Secret>,
        cancel: &CancellationToken,
    ) -> Result<Result<Response, HttpError>, HttpError> {
        let turn = until(cancel, self.pace.turn(request.lane)).await?;
        let authorized;
        let request = match token {
            Some(token) => {
                authorized = request.clone().authorization("Bearer", token)?;
                &authorized
            }
            None => request,
        };
        let outcome = if request.idempotent {
            until(cancel, self.transport.send(request)).await?
        } else {
            self.transport.send(request).await
        };
        match outcome {
            Err(HttpError::Timeout { .. }) => self.pace.end_timed_out(turn),
            Ok(_) | Err(_) => drop(turn),
        }
        Ok(outcome)
    }
}

/// A write that may have arrived and may not be repeated has an unknown outcome.
fn outcome_unknown(request: &RequestSpec, error: HttpError) -> HttpError {
    match error {
        HttpError::Timeout { .. } | HttpError::Broken { .. } if !request.idempotent => {
            HttpError::OutcomeUnknown {
                template: request.template,
                source: Box::new(error),
            }
        }
        // An answer came, and it was too large to be read: the write did happen or not.
        HttpError::TooLarge { .. } if !request.idempotent => HttpError::OutcomeUnknown {
            template: request.template,
            source: Box::new(error),
        },
        other => other,
    }
}

async fn until<T>(
    cancel: &CancellationToken,
    work: impl Future<Output = T>,
) -> Result<T, HttpError> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(HttpError::Cancelled),
        done = work => Ok(done),
    }
}
