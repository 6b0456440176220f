//! The desk against simulated services: what a window asks, in the order that an owner goes.

mod carry_on;
mod commands;
mod journey;
mod scene;
mod troubles;
mod unreadable;
