//! Gather, plan, apply, verify: the one pipeline.

pub mod plan;
