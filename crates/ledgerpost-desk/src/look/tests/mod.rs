//! A small company looked at from all sides.

mod detail;
mod home;
mod lists;
mod runs;
mod scene;
