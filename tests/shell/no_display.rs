//! A start that comes to no window is said where the owner looks, and is no success.

use std::process::{Command, Output};

fn start(display: Option<&str>) -> Output {
    let data = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_ledgerpost-desktop"));
    program
        .args(["--secrets", "file", "--data-dir"])
        .arg(data.path())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY");
    if let Some(display) = display {
        program.env("DISPLAY", display);
    }
    program.output().unwrap()
}

#[test]
fn without_a_display_it_says_so_and_fails() {
    let ended = start(None);
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(said.contains("there is no display"), "{said}");
}

#[test]
fn with_a_display_that_nobody_answers_at_it_says_so_and_fails() {
    let ended = start(Some(":65000"));
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(said.contains("the window did not open"), "{said}");
}
