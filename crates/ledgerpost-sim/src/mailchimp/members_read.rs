//! Reading members (`mailchimp.md` 3.4, 3.8).

use serde_json::{Map, Value, json};

use super::context::{Answer, Ctx, Params};
use super::model::{List, Member, Status};
use super::problem::Problem;
use super::time::{self, stamp, stamp_or_blank};

/// Relations that a member links to; most of a member's bytes, as recorded.
const LINKS: [(&str, &str, &str); 12] = [
    ("self", "GET", ""),
    ("parent", "GET", "/.."),
    ("update", "PATCH", ""),
    ("upsert", "PUT", ""),
    ("delete", "DELETE", ""),
    ("activity", "GET", "/activity"),
    ("goals", "GET", "/goals"),
    ("notes", "GET", "/notes"),
    ("events", "POST", "/events"),
    ("delete_permanent", "POST", "/actions/delete-permanent"),
    ("tags", "GET", "/tags"),
    ("merge-fields", "GET", "/../../merge-fields"),
];

/// Takings of a person over all stores of the audience.
fn takings(ctx: &Ctx<'_>, list_id: &str, email: &str) -> Option<Value> {
    let key = email.to_lowercase();
    let mut answer: Option<(f64, usize, String)> = None;
    for (_, store) in ctx.account.stores.iter() {
        if store.list != list_id {
            continue;
        }
        let currency = store.body.get("currency_code").and_then(Value::as_str);
        let sums = answer.get_or_insert((0.0, 0, currency.unwrap_or("USD").to_owned()));
        for id in store.by_email.get(&key).into_iter().flatten() {
            if let Some(customer) = store.customers.get(id) {
                sums.0 += customer.spent;
                sums.1 += customer.orders.len();
            }
        }
    }
    answer.map(|(revenue, orders, currency)| {
        json!({
            "total_revenue": super::commerce::round(revenue),
            "number_of_orders": orders,
            "currency_code": currency,
        })
    })
}

fn merge_values(list: &List, member: &Member) -> Value {
    list.merge_fields
        .iter()
        .map(|field| {
            let value = member.merge.get(&field.tag).cloned();
            (field.tag.clone(), value.unwrap_or_else(|| json!("")))
        })
        .collect::<Map<_, _>>()
        .into()
}

/// A member as every endpoint shows it. `prefix` is where it stands in the answer, so that parts
/// nobody asked for are not built.
pub(crate) fn view(
    ctx: &Ctx<'_>,
    list_id: &str,
    list: &List,
    hash: &str,
    prefix: &[&str],
) -> Value {
    let Some(member) = list.members.get(hash) else {
        return Value::Null;
    };
    let wants = |name: &str| {
        let mut path = prefix.to_vec();
        path.push(name);
        ctx.selection.wants(&path)
    };
    let name = |tag: &str| member.merge.get(tag).and_then(Value::as_str).unwrap_or("");
    let mut row = json!({
        "id": hash, "email_address": member.email, "unique_email_id": member.unique_id,
        "contact_id": member.contact_id,
        "full_name": format!("{} {}", name("FNAME"), name("LNAME")).trim(),
        "web_id": member.web_id, "email_type": member.email_type,
        "status": member.status.word(), "consents_to_one_to_one_messaging": true,
        "sms_phone_number": "", "sms_subscription_status": "nonsubscribed",
        "sms_subscription_last_updated": "",
        "ip_signup": member.ip_signup, "timestamp_signup": stamp_or_blank(member.timestamp_signup),
        "ip_opt": member.ip_opt, "timestamp_opt": stamp_or_blank(member.timestamp_opt),
        "member_rating": 2, "last_changed": stamp(member.last_changed),
        "language": member.language, "vip": member.vip, "email_client": "",
        "source": member.source, "tags_count": member.tags.len(), "list_id": list_id,
    });
    if wants("merge_fields") {
        row["merge_fields"] = merge_values(list, member);
    }
    if member.status == Status::Unsubscribed {
        let reason = match member.unsubscribed_by {
            Some(super::model::UnsubscribedBy::Complaint) => "N/A (Complaint)",
            Some(super::model::UnsubscribedBy::Person) => "None given",
            Some(super::model::UnsubscribedBy::AdminOrApi) | None => "N/A (Unsubscribed by admin)",
        };
        row["unsubscribe_reason"] = json!(reason);
    }
    let interests: Map<String, Value> = list
        .categories
        .iter()
        .flat_map(|(_, category)| category.interests.iter())
        .map(|(id, _)| (id.to_owned(), json!(member.interests.contains(id))))
        .collect();
    if !interests.is_empty() {
        row["interests"] = Value::Object(interests);
    }
    if !list.permissions.is_empty() {
        row["marketing_permissions"] = list
            .permissions
            .iter()
            .map(|permission| {
                json!({
                    "marketing_permission_id": permission.id, "text": permission.text,
                    "enabled": member.permissions.contains(&permission.id),
                })
            })
            .collect();
    }
    if wants("stats") {
        row["stats"] = json!({"avg_open_rate": 0, "avg_click_rate": 0});
        if let Some(takings) = takings(ctx, list_id, &member.email) {
            row["stats"]["ecommerce_data"] = takings;
        }
    }
    if wants("location") {
        row["location"] = json!({
            "latitude": 0, "longitude": 0, "gmtoff": 0, "dstoff": 0, "country_code": "",
            "timezone": "",
        });
    }
    if wants("tags") {
        row["tags"] = member
            .tags
            .keys()
            .filter_map(|id| list.tags.get(&id.to_string()))
            .map(|tag| json!({"id": tag.id, "name": tag.name}))
            .collect();
    }
    if wants("_links") {
        row["_links"] = ctx.links(&format!("/lists/{list_id}/members/{hash}"), &LINKS);
    }
    row
}

/// Several members under one name of an answer; none where the caller did not ask for that name.
pub(crate) fn views(
    ctx: &Ctx<'_>,
    list_id: &str,
    list: &List,
    hashes: &[String],
    name: &str,
) -> Vec<Value> {
    if !ctx.selection.wants(&[name]) {
        return Vec::new();
    }
    hashes
        .iter()
        .map(|hash| view(ctx, list_id, list, hash, &[name]))
        .collect()
}

/// What `GET …/members` is asked to leave out.
struct Filter<'a> {
    status: Option<Status>,
    email_type: Option<&'a str>,
    unique_id: Option<&'a str>,
    vip_only: bool,
    changed: (Option<i64>, Option<i64>),
    opted: (Option<i64>, Option<i64>),
    unsubscribed_since: Option<i64>,
    interests: Option<(Vec<&'a str>, &'a str)>,
}

impl<'a> Filter<'a> {
    fn new(ctx: &'a Ctx<'_>) -> Result<Self, Problem> {
        let moment = |name: &str| ctx.param(name).and_then(time::parse);
        let status = ctx.param("status").and_then(Status::parse);
        let unsubscribed_since = moment("unsubscribed_since");
        if unsubscribed_since.is_some() && status.is_some_and(|s| s != Status::Unsubscribed) {
            return Err(Problem::bad_request(
                "unsubscribed_since may only be used with the status unsubscribed.",
            ));
        }
        let interests = match (
            ctx.param("interest_category_id"),
            ctx.param("interest_ids"),
            ctx.param("interest_match"),
        ) {
            (Some(_), Some(ids), Some(how)) => Some((ids.split(',').collect(), how)),
            (None, None, None) => None,
            _ => {
                return Err(Problem::bad_request(
                    "interest_category_id, interest_ids and interest_match go together.",
                ));
            }
        };
        Ok(Self {
            status,
            email_type: ctx.param("email_type"),
            unique_id: ctx.param("unique_email_id"),
            vip_only: ctx.flag("vip_only").unwrap_or(false),
            changed: (moment("since_last_changed"), moment("before_last_changed")),
            opted: (
                moment("since_timestamp_opt"),
                moment("before_timestamp_opt"),
            ),
            unsubscribed_since,
            interests,
        })
    }

    fn keeps(&self, member: &Member) -> bool {
        // Without a status, archived people are left out (3.8).
        let status = match (self.status, self.unsubscribed_since) {
            (Some(wanted), _) => member.status == wanted,
            (None, Some(_)) => member.status == Status::Unsubscribed,
            (None, None) => member.status != Status::Archived,
        };
        // Exclusive at both ends: the reading that a client has to be ready for.
        let between = |value: Option<i64>, (since, before): (Option<i64>, Option<i64>)| {
            since.is_none_or(|since| value.is_some_and(|value| value > since))
                && before.is_none_or(|before| value.is_some_and(|value| value < before))
        };
        status
            && between(Some(member.last_changed), self.changed)
            && between(member.timestamp_opt, self.opted)
            && between(member.unsubscribed_at, (self.unsubscribed_since, None))
            && self.email_type.is_none_or(|kind| member.email_type == kind)
            && self.unique_id.is_none_or(|id| member.unique_id == id)
            && (!self.vip_only || member.vip)
            && self.interests.as_ref().is_none_or(|(ids, how)| {
                let mut held = ids.iter().map(|id| member.interests.contains(*id));
                match *how {
                    "all" => held.all(|held| held),
                    "none" => !held.any(|held| held),
                    _ => held.any(|held| held),
                }
            })
    }
}

/// `GET /lists/{list_id}/members`
pub(crate) fn index(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let list = ctx.list(&params[0])?;
    let filter = Filter::new(ctx)?;
    let mut rows: Vec<(&str, &Member)> = list
        .members
        .iter()
        .filter(|(_, member)| filter.keeps(member))
        .collect();
    match ctx.param("sort_field") {
        Some("last_changed") => rows.sort_by_key(|(_, member)| member.last_changed),
        Some("timestamp_opt") => rows.sort_by_key(|(_, member)| member.timestamp_opt),
        Some("timestamp_signup") => rows.sort_by_key(|(_, member)| member.timestamp_signup),
        _ => {}
    }
    if ctx.param("sort_dir") == Some("DESC") {
        rows.reverse();
    }
    let owner = Some(("list_id", params[0].as_str()));
    Ok(Some(ctx.collection(
        "members",
        owner,
        rows.into_iter(),
        |(hash, _)| view(ctx, &params[0], list, hash, &["members"]),
    )))
}

/// `GET /lists/{list_id}/members/{subscriber_hash}`: archived members too, with all their data.
pub(crate) fn show(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let list = ctx.list(&params[0])?;
    let hash = list.find(&params[1]).ok_or_else(Problem::not_found)?;
    Ok(Some(view(ctx, &params[0], list, &hash, &[])))
}

/// `GET /search-members`
pub(crate) fn search(ctx: &mut Ctx<'_>, _: &Params<'_>) -> Answer {
    let query = ctx.param("query").unwrap_or_default().trim().to_lowercase();
    let wanted = ctx.param("list_id");
    let mut exact = Vec::new();
    let mut full = Vec::new();
    for (list_id, list) in ctx.account.lists.iter() {
        if wanted.is_some_and(|wanted| wanted != list_id) {
            continue;
        }
        for (hash, member) in list.members.iter() {
            let email = member.email.to_lowercase();
            let found = email.contains(&query)
                || member.merge.values().any(|value| {
                    value
                        .as_str()
                        .is_some_and(|text| text.to_lowercase().contains(&query))
                });
            let row = || view(ctx, list_id, list, hash, &["full_search", "members"]);
            if email == query {
                exact.push(row());
            }
            if found {
                full.push(row());
            }
        }
    }
    let block = |rows: Vec<Value>| json!({"total_items": rows.len(), "members": rows});
    Ok(Some(
        json!({"exact_matches": block(exact), "full_search": block(full), "_links": []}),
    ))
}
