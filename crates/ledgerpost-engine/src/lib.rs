//! Gather, plan, apply, verify: the one pipeline.
