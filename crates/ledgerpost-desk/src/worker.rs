//! The engine's thread. [`App`] stands still for as long as SQLite takes, so it has a thread and a
//! runtime to itself; jobs are done one after the other.

use std::io;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use ledgerpost_app::App;
use tokio::sync::{mpsc, oneshot};

use crate::error::DeskError;

/// Something to do with the [`App`].
pub(crate) type Job = Box<dyn for<'a> FnOnce(&'a mut App) -> LocalBoxFuture<'a, ()> + Send>;

/// The engine's thread. Dropping it ends it after the job that it is on.
pub(crate) struct Worker {
    jobs: Mutex<Option<mpsc::UnboundedSender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Worker {
    /// Gives the app its thread.
    ///
    /// # Errors
    /// The system's, when it has no thread to give.
    pub(crate) fn start(app: App) -> io::Result<Self> {
        let (jobs, waiting) = mpsc::unbounded_channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = std::thread::Builder::new()
            .name("ledgerpost-engine".to_owned())
            .spawn(move || runtime.block_on(work(app, waiting)))?;
        Ok(Self {
            jobs: Mutex::new(Some(jobs)),
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Hands over a job and does not wait for it.
    ///
    /// # Errors
    /// [`DeskError::Closed`].
    pub(crate) fn hand_over(&self, job: Job) -> Result<(), DeskError> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.as_ref()
            .and_then(|jobs| jobs.send(job).ok())
            .ok_or(DeskError::Closed)
    }

    /// Does something with the app, after the jobs before it.
    ///
    /// # Errors
    /// [`DeskError::Closed`] when the thread has ended, [`DeskError::Fault`] when the job panicked.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        job: impl for<'a> FnOnce(&'a mut App) -> LocalBoxFuture<'a, T> + Send + 'static,
    ) -> Result<T, DeskError> {
        let (answer, answered) = oneshot::channel();
        self.hand_over(Box::new(move |app| {
            async move {
                // Whoever asked may be gone; the work was done all the same.
                drop(answer.send(job(app).await));
            }
            .boxed_local()
        }))?;
        answered.await.map_err(|_| DeskError::Fault)
    }

    /// Ends the thread after the jobs that were handed over, and waits for it: then the data folder
    /// is free.
    pub(crate) async fn close(&self) {
        let jobs = self
            .jobs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        drop(jobs);
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            let ended = tokio::task::spawn_blocking(move || thread.join().is_ok()).await;
            if !matches!(ended, Ok(true)) {
                tracing::error!("the engine's thread did not end well");
            }
        }
    }
}

async fn work(mut app: App, mut jobs: mpsc::UnboundedReceiver<Job>) {
    while let Some(job) = jobs.recv().await {
        // A panic is this job's end and nobody else's. What the app holds between two jobs is in its
        // files, each written in one piece.
        let done = AssertUnwindSafe(job(&mut app)).catch_unwind().await;
        if done.is_err() {
            tracing::error!("a piece of work ended in a fault");
        }
    }
}
