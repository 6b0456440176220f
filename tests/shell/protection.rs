//! What the window refuses, whatever got into the page.

use serde_json::json;

use crate::driver::Desk;

#[tokio::test]
async fn the_window_opens_and_refuses_what_it_was_not_made_for() {
    let desk = Desk::new();
    let window = desk.open().await;
    window.see("h1").await;

    let refused = window
        .run(
            "const refused = {};
             try { eval('1'); refused.eval = false } catch (error) { refused.eval = error instanceof EvalError }
             try { new Function('return 1')(); refused.function = false } catch (error) { refused.function = error instanceof EvalError }
             const inline = document.createElement('script');
             inline.textContent = 'window.ran = true';
             document.head.append(inline);
             refused.inline = window.ran !== true;
             refused.network = await fetch('http://127.0.0.1:9/').then(() => false, () => true);
             const picture = new Image();
             refused.picture = await new Promise((answer) => {
               picture.onload = () => answer(false);
               picture.onerror = () => answer(true);
               picture.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=';
             });
             return refused;",
        )
        .await;
    assert_eq!(
        refused,
        json!({ "eval": true, "function": true, "inline": true, "network": true, "picture": true }),
        "the policy lets nothing run or load but the window's own files"
    );

    let asked = window
        .run(
            "const ask = (name, values) => window.__TAURI_INTERNALS__.invoke(name, values).then(() => 'done', (error) => String(error));
             return {
               unknown: await ask('delete_everything', { request: {} }),
               dialog: await ask('plugin:dialog|save', { options: {} }),
               close: await ask('plugin:window|close', { label: 'main' }),
               event: await ask('plugin:event|emit', { event: 'x' }),
               known: await ask('read_start', { request: {} }),
             };",
        )
        .await;
    for refused in ["unknown", "dialog", "close", "event"] {
        let answer = asked[refused].as_str().unwrap();
        assert!(
            answer.contains("not allowed") || answer.contains("not found"),
            "{refused} must be refused, not: {answer}"
        );
    }
    assert_eq!(asked["known"], "done", "a command of the list is answered");
    assert_eq!(
        window.run("return typeof window.__TAURI__;").await,
        "undefined",
        "nothing of Tauri lies about for a script to find"
    );
    window.close().await;
}
