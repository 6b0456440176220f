//! Addresses as the service judges and keys them (`mailchimp.md` 3.1, 3.6, 8.2).

use md5::{Digest, Md5};

use super::problem::Problem;

/// Local parts that speak for a role (8.2).
const ROLES: [&str; 35] = [
    "abuse",
    "admin",
    "billing",
    "compliance",
    "devnull",
    "dns",
    "ftp",
    "hostmaster",
    "inoc",
    "ispfeedback",
    "ispsupport",
    "list",
    "list-request",
    "maildaemon",
    "noc",
    "no-reply",
    "noreply",
    "null",
    "phish",
    "phishing",
    "postmaster",
    "privacy",
    "registrar",
    "root",
    "security",
    "spam",
    "support",
    "sysadmin",
    "tech",
    "undisclosed-recipients",
    "unsubscribe",
    "usenet",
    "uucp",
    "webmaster",
    "www",
];

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}

/// Lower-hex MD5 of the trimmed, lower-cased address.
pub(crate) fn hash(email: &str) -> String {
    let digest = Md5::digest(email.trim().to_lowercase().as_bytes());
    hex(&digest)
}

pub(crate) fn is_role(email: &str) -> bool {
    let local = email.split('@').next().unwrap_or_default().to_lowercase();
    ROLES.contains(&local.as_str())
}

/// Refuses what is no address, and what "looks fake".
pub(crate) fn check(email: &str) -> Result<(), Problem> {
    if !is_valid(email) {
        return Err(Problem::invalid("Please provide a valid email address."));
    }
    let domain = email.rsplit('@').next().unwrap_or_default().to_lowercase();
    let sample = ["example.com", "example.org", "example.net"]
        .iter()
        .any(|sample| domain == *sample || domain.ends_with(&format!(".{sample}")));
    if sample {
        return Err(Problem::fake(email));
    }
    Ok(())
}

fn is_valid(email: &str) -> bool {
    let Some((local, domain)) = email.split_once('@') else {
        return false;
    };
    let local_ok = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|letter| {
            letter.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(letter)
        });
    let labels: Vec<&str> = domain.split('.').collect();
    let domain_ok = domain.len() <= 253
        && labels.len() >= 2
        && labels.iter().all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
        })
        && labels.last().is_some_and(|top| {
            top.len() >= 2 && !top.chars().all(|letter| letter.is_ascii_digit())
        });
    local_ok && domain_ok
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_as_documented() {
        for (email, wanted) in [
            (
                "Urist.McVankab@freddiesjokes.com",
                "62eeb292278cc15f5817cb78f7790b08",
            ),
            ("Ada.Byron@Example.com", "62b66353bb08790016b216af4f3a13f9"),
            (
                " bookkeeper+qbo@example.org ",
                "49b2e880843eb58728008bd19caa90a1",
            ),
        ] {
            assert_eq!(hash(email), wanted);
        }
    }

    #[test]
    fn sample_domains_look_fake_and_test_domains_do_not() {
        assert!(check("foo@example.com").is_err());
        assert!(check("foo@mail.example.org").is_err());
        assert!(check("foo@northfield-studio.test").is_ok());
        for wrong in [
            "",
            "foo",
            "a b@c.test",
            "a@b",
            "a@b..test",
            "a,b@c.test;d@e.test",
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }
}
