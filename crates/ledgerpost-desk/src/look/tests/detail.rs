//! Everything about one customer.

use ledgerpost_core::settings::Settings;
use ledgerpost_ipc::contacts::SkipCode;

use super::scene::scene;

#[test]
fn a_detail_shows_both_sides_and_what_was_done() {
    let scene = scene();
    let mensah = scene.look.read_contact("2", &Settings::default()).unwrap();
    assert_eq!(mensah.belongs_to.unwrap().name, "Kofi Mensah");
    assert!(mensah.in_mailchimp && mensah.sides[0].differs);
    assert!(mensah.orders[0].sent);
    assert_eq!(mensah.history.len(), 2, "its order and its contact");
    assert_eq!(
        mensah.history[0].change.subtitle.as_deref(),
        Some("Mensah Interiors")
    );
    assert_eq!(mensah.consents[0].grounds.as_deref(), Some("Signed form"));
    assert_eq!(mensah.sign_up_form, None, "nobody has to bring them back");
    let rosa = scene
        .look
        .read_contact(
            "3",
            &Settings {
                left_alone: ["3".into()].into(),
                ..Settings::default()
            },
        )
        .unwrap();
    assert_eq!(rosa.reason_detail.as_deref(), Some("permanently deleted"));
    assert_eq!(
        rosa.sign_up_form.as_deref(),
        Some("https://tidewater.test/sign-up")
    );
    assert_eq!(rosa.documents_left_out, 1);
    assert_eq!(rosa.documents_left_out_total.unwrap().amount, "548.00");
    assert_eq!(rosa.orders[0].reason, Some(SkipCode::CustomerLeftOut));
    assert!(rosa.left_alone_by_owner && !rosa.in_mailchimp);
    assert_eq!(
        scene
            .look
            .read_contact("404", &Settings::default())
            .unwrap_err()
            .code(),
        "not_found"
    );
}
