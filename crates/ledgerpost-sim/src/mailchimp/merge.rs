//! Merge fields: what they accept (`mailchimp.md` 3.10), and their endpoints.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::context::{Answer, Ctx, Params};
use super::model::{List, MergeField, PhoneFormat};
use super::problem::Problem;
use super::time;

/// Merge fields per audience without Premium (2).
const FIELD_LIMIT: usize = 30;
/// Length of a merge tag (2).
const TAG_LENGTH: usize = 10;

/// What a write does to a member's merge fields: new values, `""` clears.
pub(crate) type Changes = BTreeMap<String, Value>;

/// Checks the values given; unknown tags are ignored in silence (3.3).
pub(crate) fn validate(
    list: &List,
    given: Option<&Map<String, Value>>,
    current: Option<&BTreeMap<String, Value>>,
    skip_required: bool,
    german: bool,
) -> Result<Changes, Problem> {
    let mut changes = Changes::new();
    let mut errors = Vec::new();
    for field in &list.merge_fields {
        let value = given.and_then(|given| given.get(&field.tag));
        match value.map(|value| accept(field, value, german)) {
            Some(Ok(value)) => {
                changes.insert(field.tag.clone(), value);
            }
            Some(Err(message)) => {
                errors.push((field.tag.clone(), message));
                continue;
            }
            None => {}
        }
        let held = changes
            .get(&field.tag)
            .or_else(|| current.and_then(|current| current.get(&field.tag)));
        let blank = held.is_none_or(|value| value.as_str() == Some(""));
        if field.required && blank && !skip_required && field.default_value.is_empty() {
            let message = match (field.kind.as_str(), german) {
                ("address", false) => "Please enter a complete address",
                (_, false) => "Please enter a value",
                (_, true) => "Bitte gib einen Wert ein.",
            };
            errors.push((field.tag.clone(), message.to_owned()));
        } else if blank && current.is_none() && !field.default_value.is_empty() {
            changes.insert(field.tag.clone(), json!(field.default_value));
        }
    }
    if errors.is_empty() {
        Ok(changes)
    } else {
        Err(Problem::invalid_fields(
            "Your merge fields were invalid.",
            errors,
        ))
    }
}

fn accept(field: &MergeField, value: &Value, german: bool) -> Result<Value, String> {
    let text = match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    if text.as_deref() == Some("") {
        return Ok(json!(""));
    }
    if field.kind == "address" {
        return accept_address(value, german);
    }
    let Some(text) = text else {
        return Err(say(
            german,
            "Please enter a value",
            "Bitte gib einen Wert ein.",
        ));
    };
    match field.kind.as_str() {
        "number" => match value {
            Value::Number(_) => Ok(value.clone()),
            _ => text
                .parse::<serde_json::Number>()
                .map(Value::Number)
                .map_err(|_| say(german, "Please enter a number", "Bitte gib eine Zahl ein.")),
        },
        "phone" => match field.phone_format() {
            PhoneFormat::Us if !is_us_phone(&text) => Err(say(
                german,
                "Please enter a valid phone number",
                "Bitte gib eine gültige Telefonnummer ein.",
            )),
            PhoneFormat::Us | PhoneFormat::Free => Ok(json!(text)),
        },
        "birthday" => {
            let valid = text.split_once('/').is_some_and(|(month, day)| {
                matches!(month.parse(), Ok(1..=12)) && matches!(day.parse(), Ok(1..=31))
            });
            valid
                .then(|| json!(text))
                .ok_or_else(|| "Please enter a month (01-12) and a day (01-31)".to_owned())
        }
        "date" => read_date(&text, field)
            .map(|date| json!(date))
            .ok_or_else(|| "Please enter the date".to_owned()),
        "zip" => (text.len() == 5 && text.chars().all(|digit| digit.is_ascii_digit()))
            .then(|| json!(text))
            .ok_or_else(|| "Please enter a zip code (5 digits)".to_owned()),
        "radio" | "dropdown" => {
            let choices: Vec<&str> = field
                .options
                .get("choices")
                .and_then(Value::as_array)
                .map(|choices| choices.iter().filter_map(Value::as_str).collect())
                .unwrap_or_default();
            if choices.contains(&text.as_str()) {
                Ok(json!(text))
            } else {
                Err(format!("Value must be one of: {}", choices.join(", ")))
            }
        }
        _ => Ok(json!(text)),
    }
}

fn say(german: bool, english: &str, translated: &str) -> String {
    if german { translated } else { english }.to_owned()
}

/// `addr1`, `city`, `state` and `zip`, none of them empty; the country defaults to US.
fn accept_address(value: &Value, german: bool) -> Result<Value, String> {
    let incomplete = || {
        say(
            german,
            "Please enter a complete address",
            "Bitte gib eine vollständige Adresse ein.",
        )
    };
    let Value::Object(address) = value else {
        return Err(incomplete());
    };
    let part = |name: &str| {
        address
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let needed = ["addr1", "city", "state", "zip"];
    if needed.iter().all(|name| part(name).is_empty()) {
        return Ok(json!(""));
    }
    if needed.iter().any(|name| part(name).is_empty()) {
        return Err(incomplete());
    }
    let country = match part("country") {
        blank if blank.is_empty() => "US".to_owned(),
        code if code.len() == 2 && code.chars().all(|letter| letter.is_ascii_alphabetic()) => {
            code.to_uppercase()
        }
        _ => return Err(incomplete()),
    };
    Ok(json!({
        "addr1": part("addr1"), "addr2": part("addr2"), "city": part("city"),
        "state": part("state"), "zip": part("zip"), "country": country,
    }))
}

/// NNN-NNN-NNNN style.
fn is_us_phone(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = text
        .chars()
        .all(|letter| letter.is_ascii_digit() || "-. ()".contains(letter));
    plain && digits.len() == 10
}

/// An ISO date, or one in the field's own form; reads back as `YYYY-MM-DD`.
fn read_date(text: &str, field: &MergeField) -> Option<String> {
    if let Some(at) = time::parse(text) {
        return Some(time::stamp(at)[..10].to_owned());
    }
    let parts: Vec<&str> = text.split('/').collect();
    let [first, second, year] = parts[..] else {
        return None;
    };
    let format = field.options.get("date_format").and_then(Value::as_str);
    let (month, day) = if format == Some("DD/MM/YYYY") {
        (second, first)
    } else {
        (first, second)
    };
    let iso = format!("{year:0>4}-{month:0>2}-{day:0>2}");
    time::parse(&iso).map(|_| iso)
}

fn view(ctx: &Ctx<'_>, list_id: &str, field: &MergeField) -> Value {
    let mut row = json!({
        "merge_id": field.id, "tag": field.tag, "name": field.name, "type": field.kind,
        "required": field.required, "default_value": field.default_value,
        "public": field.public, "display_order": field.display_order,
        "options": field.options, "help_text": field.help_text, "list_id": list_id,
    });
    if ctx.selection.wants(&["merge_fields", "_links"]) {
        row["_links"] = ctx.links(
            &format!("/lists/{list_id}/merge-fields/{}", field.id),
            &[
                ("self", "GET", ""),
                ("update", "PATCH", ""),
                ("delete", "DELETE", ""),
            ],
        );
    }
    row
}

/// `GET /lists/{list_id}/merge-fields`
pub(crate) fn index(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let list = ctx.list(&params[0])?;
    let required = ctx.flag("required");
    let kind = ctx.param("type");
    let rows = list.merge_fields.iter().filter(|field| {
        required.is_none_or(|required| field.required == required)
            && kind.is_none_or(|kind| field.kind == kind)
    });
    let owner = Some(("list_id", params[0].as_str()));
    Ok(Some(ctx.collection("merge_fields", owner, rows, |field| {
        view(ctx, &params[0], field)
    })))
}

fn place(ctx: &Ctx<'_>, params: &Params<'_>) -> Result<usize, Problem> {
    let id: u64 = params[1].parse().map_err(|_| Problem::not_found())?;
    ctx.list(&params[0])?
        .merge_fields
        .iter()
        .position(|field| field.id == id)
        .ok_or_else(Problem::not_found)
}

/// `GET /lists/{list_id}/merge-fields/{merge_id}`
pub(crate) fn show(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let place = place(ctx, params)?;
    let list = ctx.list(&params[0])?;
    Ok(Some(view(ctx, &params[0], &list.merge_fields[place])))
}

fn fill(field: &mut MergeField, body: &Map<String, Value>) {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let flag = |name: &str| body.get(name).and_then(Value::as_bool);
    if let Some(name) = text("name") {
        field.name = name;
    }
    if let Some(required) = flag("required") {
        field.required = required;
    }
    if let Some(default_value) = text("default_value") {
        field.default_value = default_value;
    }
    if let Some(public) = flag("public") {
        field.public = public;
    }
    if let Some(order) = body.get("display_order").and_then(Value::as_u64) {
        field.display_order = order;
    }
    if let Some(help_text) = text("help_text") {
        field.help_text = help_text;
    }
    if let Some(Value::Object(options)) = body.get("options") {
        field.options.extend(options.clone());
    }
}

fn free_tag(list: &List, wanted: Option<&str>, id: u64) -> Result<String, Problem> {
    let Some(wanted) = wanted.filter(|tag| !tag.is_empty()) else {
        return Ok(format!("MERGE{id}"));
    };
    let tag = wanted.to_uppercase();
    if tag.chars().count() > TAG_LENGTH {
        return Err(Problem::schema(vec![(
            "tag".to_owned(),
            format!("Merge tags have at most {TAG_LENGTH} characters"),
        )]));
    }
    let taken = tag == "EMAIL" || list.merge_fields.iter().any(|field| field.tag == tag);
    if taken {
        return Err(Problem::bad_request(format!(
            "A Merge Field with the tag \"{tag}\" already exists for this list."
        )));
    }
    Ok(tag)
}

/// `POST /lists/{list_id}/merge-fields`
pub(crate) fn create(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let body = std::mem::take(&mut ctx.body);
    let list = ctx.list_mut(&params[0])?;
    if list.merge_fields.len() >= FIELD_LIMIT {
        return Err(Problem::bad_request(format!(
            "You have reached the limit of {FIELD_LIMIT} merge fields for this list."
        )));
    }
    let id = list
        .merge_fields
        .iter()
        .map(|field| field.id)
        .max()
        .unwrap_or(0)
        + 1;
    let tag = free_tag(list, body.get("tag").and_then(Value::as_str), id)?;
    let kind = body.get("type").and_then(Value::as_str).unwrap_or("text");
    let mut field = default_field(id, &tag, "", kind);
    fill(&mut field, &body);
    list.merge_fields.push(field.clone());
    Ok(Some(view(ctx, &params[0], &field)))
}

/// `PATCH /lists/{list_id}/merge-fields/{merge_id}`
pub(crate) fn update(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let place = place(ctx, params)?;
    let body = std::mem::take(&mut ctx.body);
    let list = ctx.list_mut(&params[0])?;
    let old = list.merge_fields[place].tag.clone();
    let wanted = body.get("tag").and_then(Value::as_str);
    if let Some(wanted) = wanted.filter(|tag| tag.to_uppercase() != old) {
        let tag = free_tag(list, Some(wanted), 0)?;
        for member in list.members.values_mut() {
            if let Some(value) = member.merge.remove(&old) {
                member.merge.insert(tag.clone(), value);
            }
        }
        list.merge_fields[place].tag = tag;
    }
    fill(&mut list.merge_fields[place], &body);
    let field = list.merge_fields[place].clone();
    Ok(Some(view(ctx, &params[0], &field)))
}

/// `DELETE /lists/{list_id}/merge-fields/{merge_id}`
pub(crate) fn delete(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let place = place(ctx, params)?;
    let list = ctx.list_mut(&params[0])?;
    let field = list.merge_fields.remove(place);
    for member in list.members.values_mut() {
        member.merge.remove(&field.tag);
    }
    Ok(None)
}

/// A field with the options that its type starts with.
pub(crate) fn default_field(id: u64, tag: &str, name: &str, kind: &str) -> MergeField {
    let options = match kind {
        "address" => json!({"default_country": 164}),
        "phone" => json!({"phone_format": "none"}),
        "date" => json!({"date_format": "MM/DD/YYYY"}),
        "birthday" => json!({"date_format": "MM/DD"}),
        "text" => json!({"size": 25}),
        _ => json!({}),
    };
    let Value::Object(options) = options else {
        unreachable!("written as objects above");
    };
    MergeField {
        id,
        tag: tag.to_owned(),
        name: name.to_owned(),
        kind: kind.to_owned(),
        required: false,
        default_value: String::new(),
        public: matches!(tag, "FNAME" | "LNAME"),
        display_order: id + 1,
        options,
        help_text: String::new(),
    }
}

/// What a new audience has (3.10).
pub(crate) fn defaults() -> Vec<MergeField> {
    vec![
        default_field(1, "FNAME", "First Name", "text"),
        default_field(2, "LNAME", "Last Name", "text"),
        default_field(3, "ADDRESS", "Address", "address"),
        default_field(4, "PHONE", "Phone Number", "phone"),
        default_field(5, "BIRTHDAY", "Birthday", "birthday"),
    ]
}
