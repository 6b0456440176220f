//! What every client needs: HTTP with pacing and retry, sign-in over loopback, secrets.
