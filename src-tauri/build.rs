//! Makes permissions from the one list of commands, and picks the window's texts that are shown
//! outside of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use ledgerpost_ipc::COMMANDS;
use serde_json::{Map, Value};

/// The folder that the window's files are built into.
const WINDOW: &str = "../ui/dist";
/// The folder with the texts of all languages.
const TEXTS: &str = "../ui/messages";
/// What the names of the texts begin with that the tray, the dialogs and the notifications show.
const PREFIX: &str = "shell_";

fn main() {
    if !Path::new(WINDOW).join("index.html").exists() {
        println!("cargo:warning=the window's files are not built: run `npm run build` in ui");
        fs::create_dir_all(WINDOW).expect("the folder for the window's files can be made");
    }
    println!("cargo:rerun-if-changed={WINDOW}");
    pick_texts();

    let commands: Vec<&'static str> = COMMANDS
        .iter()
        .copied()
        .chain([ledgerpost_ipc::WATCH])
        .collect();
    let manifest = tauri_build::AppManifest::new().commands(commands.leak());
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))
        .expect("the configuration, the capability and the icons are in order");
}

/// Writes `texts.json`: for each language, the texts whose names begin with [`PREFIX`].
fn pick_texts() {
    println!("cargo:rerun-if-changed={TEXTS}");
    let mut languages = BTreeMap::new();
    for entry in fs::read_dir(TEXTS).expect("the texts are there") {
        let path = entry.expect("the folder of texts can be read").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let language = path
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("a file of texts is named after its language")
            .to_owned();
        let text = fs::read_to_string(&path).expect("a file of texts can be read");
        let all: Map<String, Value> =
            serde_json::from_str(&text).expect("a file of texts is a JSON object");
        let picked: Map<String, Value> = all
            .into_iter()
            .filter(|(name, _)| name.starts_with(PREFIX))
            .collect();
        languages.insert(language, picked);
    }
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let picked = serde_json::to_string(&languages).expect("texts serialise");
    fs::write(folder.join("texts.json"), picked).expect("OUT_DIR can be written to");
}
