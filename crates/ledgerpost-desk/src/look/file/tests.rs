use super::*;

fn style(format: FileFormat, words: &[CodeWord]) -> FileStyle<'_> {
    FileStyle {
        format,
        columns: [("name", "Name"), ("state", "=State"), ("total", "Total")]
            .map(|(key, heading)| Column {
                key,
                heading: heading.to_owned(),
            })
            .into(),
        words,
        zone: TimeZone::UTC,
    }
}

fn row(name: &str, cents: i64) -> [Cell; 3] {
    [
        Cell::Text(name.to_owned()),
        Cell::Code("leftAlone".to_owned()),
        Cell::Amount(Amount::from_cents(cents)),
    ]
}

fn written(format: FileFormat) -> Vec<u8> {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("list");
    let words = [CodeWord {
        code: "leftAlone".to_owned(),
        word: "Left alone".to_owned(),
    }];
    let rows = write_file(&path, &style(format, &words), |rows| {
        rows.add(&row("=HYPERLINK(\"x\")", -54_800))?;
        rows.add(&row("Zoë \"Z\" Müller, Sr", 10))
    });
    assert_eq!(rows.unwrap(), 2);
    std::fs::read(path).unwrap()
}

#[test]
fn a_csv_file_is_utf_8_for_excel_and_starts_no_formula() {
    let text = String::from_utf8(written(FileFormat::Csv)).unwrap();
    assert_eq!(
        text,
        "\u{feff}Name,'=State,Total\n\
         \"'=HYPERLINK(\"\"x\"\")\",Left alone,-548.00\n\
         \"Zoë \"\"Z\"\" Müller, Sr\",Left alone,0.10\n"
    );
}

#[test]
fn a_json_file_keeps_the_words_of_the_wire_and_every_digit() {
    let rows: serde_json::Value = serde_json::from_slice(&written(FileFormat::Json)).unwrap();
    assert_eq!(rows[0]["name"], "=HYPERLINK(\"x\")");
    assert_eq!(rows[0]["state"], "leftAlone");
    assert_eq!(rows[0]["total"].to_string(), "-548.0");
    assert_eq!(rows[1]["total"].as_f64(), Some(0.1));
}

#[test]
fn a_workbook_is_an_archive_of_some_size() {
    let book = written(FileFormat::Xlsx);
    assert!(book.starts_with(b"PK") && book.len() > 1_000);
}

#[test]
fn a_file_that_fails_leaves_the_one_before_it_as_it_was() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("list.csv");
    std::fs::write(&path, "before").unwrap();
    let failed = write_file(&path, &style(FileFormat::Csv, &[]), |rows| {
        rows.add(&row("Ada", 1))?;
        Err(LookError::NotFound { what: "customer" })
    });
    assert!(failed.is_err());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "before");
    assert_eq!(
        std::fs::read_dir(place.path()).unwrap().count(),
        1,
        "nothing unfinished stays behind"
    );
}

#[test]
fn days_are_counted_as_excel_does() {
    assert!((serial(jiff::civil::date(2026, 11, 22)) - 46_348.0).abs() < f64::EPSILON);
    assert!((serial(jiff::civil::date(1900, 3, 1)) - 61.0).abs() < f64::EPSILON);
}
