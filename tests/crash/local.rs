//! What a company's folder holds in the end.

use std::io::Read as _;

use ledgerpost_core::ports::Mirror as _;
use ledgerpost_store::CompanyStore;
use ledgerpost_tests::Journey;

const MANY: usize = 100_000;

/// Links and consent entries, without times and numbers of runs.
pub(crate) fn local_state(store: &CompanyStore) -> Vec<String> {
    let mut lines = Vec::new();
    for link in store.contact_links(None, MANY).unwrap() {
        lines.push(format!("{link:?}"));
    }
    for link in store.product_links(None, MANY).unwrap() {
        lines.push(format!("{link:?}"));
    }
    for link in store.order_links(None, MANY).unwrap() {
        let body = store.order_body(&link.key).unwrap();
        lines.push(format!("{link:?} {body:?}"));
    }
    for skip in store
        .skips(&ledgerpost_store::SkipFilter::default(), 0, MANY)
        .unwrap()
    {
        lines.push(format!("{:?}", skip.skip));
    }
    let mut consent: Vec<String> = store
        .consent_entries(0, MANY)
        .unwrap()
        .into_iter()
        .map(|(_, entry)| {
            format!(
                "{} {:?} {:?} {}",
                entry.hash, entry.status, entry.how, entry.grounds
            )
        })
        .collect();
    consent.sort();
    lines.extend(consent);
    lines
}

/// Orders in the largest archive that was written: a killed disconnect may leave another.
pub(crate) fn archived(journey: &Journey) -> usize {
    let companies = journey.data_folder().join("companies");
    let company = std::fs::read_dir(companies)
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let archives = std::fs::read_dir(company.path().join("archive")).unwrap();
    let orders = archives.map(|archive| {
        let mut text = String::new();
        let file = std::fs::File::open(archive.unwrap().path()).unwrap();
        // One that was cut off in the middle is no archive, and nothing had been removed then.
        match flate2::read::GzDecoder::new(file).read_to_string(&mut text) {
            Ok(_) => text.matches(r#"{"record":"order""#).count(),
            Err(_) => 0,
        }
    });
    orders.max().unwrap_or_default()
}
