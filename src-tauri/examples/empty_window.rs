//! An empty Tauri window: what `scripts/bench-window.sh` compares the start and the memory of
//! Ledgerpost with. Its page says when it is there by asking the one command.

use std::io::Write as _;

fn main() {
    let mut context: tauri::Context = tauri::generate_context!();
    context.config_mut().app.windows.clear();
    let built = tauri::Builder::default()
        .invoke_handler(|_| true)
        .setup(|app| {
            let page =
                tauri::WebviewUrl::CustomProtocol("empty://localhost".parse().expect("an address"));
            tauri::WebviewWindowBuilder::new(app, "main", page)
                .inner_size(1040.0, 720.0)
                .build()?;
            Ok(())
        })
        .register_uri_scheme_protocol("empty", |_, _| {
            tauri::http::Response::builder()
                .header("Content-Type", "text/html")
                .body(b"<!doctype html><title>empty</title><h1>Empty</h1>".to_vec())
                .expect("a response")
        })
        .build(context);
    match built {
        Ok(app) => app.run(|_, _| {}),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "no window: {error}");
        }
    }
}
