//! Audiences (`mailchimp.md` 4).

use serde_json::{Map, Value, json};

use super::context::{Answer, Ctx, Params, copy_fields};
use super::merge;
use super::model::{List, Stats, Status};
use super::problem::Problem;
use super::shelf::Shelf;
use super::time::{self, Seconds, stamp, stamp_or_blank};

/// How long counts stay as they are (4.1).
const STATS_AGE: Seconds = 300;

const SETTINGS: [&str; 8] = [
    "name",
    "contact",
    "permission_reminder",
    "use_archive_bar",
    "campaign_defaults",
    "notify_on_subscribe",
    "notify_on_unsubscribe",
    "email_type_option",
];

/// An audience without people.
pub(crate) fn empty(web_id: u64, settings: Map<String, Value>, now: Seconds) -> List {
    List {
        web_id,
        settings,
        double_optin: false,
        marketing_permissions: false,
        has_welcome: false,
        created_at: now,
        members: Shelf::default(),
        contacts: std::collections::HashMap::new(),
        forgotten: std::collections::HashSet::new(),
        tags: Shelf::default(),
        tag_names: std::collections::HashMap::new(),
        merge_fields: merge::defaults(),
        categories: Shelf::default(),
        permissions: Vec::new(),
        tag_automations: std::collections::HashSet::new(),
        stats: Stats::default(),
        stats_at: now,
    }
}

/// Counts an audience afresh.
pub(crate) fn count(list: &List) -> Stats {
    let mut stats = Stats::default();
    for (_, member) in list.members.iter() {
        match member.status {
            Status::Subscribed => {
                stats.subscribed += 1;
                stats.last_sub = stats.last_sub.max(member.timestamp_opt);
            }
            Status::Unsubscribed => {
                stats.unsubscribed += 1;
                stats.last_unsub = stats.last_unsub.max(member.unsubscribed_at);
            }
            Status::Cleaned => stats.cleaned += 1,
            Status::Transactional | Status::Pending => {}
            Status::Archived => continue,
        }
        stats.total += 1;
    }
    stats
}

fn refresh(ctx: &mut Ctx<'_>) {
    let now = ctx.now;
    for list in ctx.account.lists.values_mut() {
        if now - list.stats_at >= STATS_AGE {
            list.stats = count(list);
            list.stats_at = now;
        }
    }
}

fn view(ctx: &Ctx<'_>, id: &str, list: &List) -> Value {
    let stats = &list.stats;
    let mut row = Value::Object(list.settings.clone());
    let more = json!({
        "id": id, "web_id": list.web_id, "date_created": stamp(list.created_at),
        "list_rating": 0, "subscribe_url_short": format!("http://eepurl.test/{id}"),
        "subscribe_url_long": format!("https://simulated.list-manage.test/subscribe?id={id}"),
        "beamer_address": format!("{id}@inbound.mailchimp.test"), "visibility": "prv",
        "double_optin": list.double_optin, "has_welcome": list.has_welcome,
        "marketing_permissions": list.marketing_permissions, "modules": [],
        "stats": {
            "member_count": stats.subscribed, "unsubscribe_count": stats.unsubscribed,
            "cleaned_count": stats.cleaned, "member_count_since_send": stats.subscribed,
            "unsubscribe_count_since_send": 0, "cleaned_count_since_send": 0,
            "campaign_count": 0, "campaign_last_sent": "",
            "merge_field_count": list.merge_fields.len(),
            "avg_sub_rate": 0, "avg_unsub_rate": 0, "target_sub_rate": 0,
            "open_rate": 0, "click_rate": 0,
            "last_sub_date": stamp_or_blank(stats.last_sub),
            "last_unsub_date": stamp_or_blank(stats.last_unsub),
        },
    });
    if let (Value::Object(row), Value::Object(more)) = (&mut row, more) {
        row.extend(more);
    }
    if ctx.flag("include_total_contacts") == Some(true) {
        row["stats"]["total_contacts"] = json!(stats.total);
    }
    let rels = [
        ("self", "GET", ""),
        ("members", "GET", "/members"),
        ("merge-fields", "GET", "/merge-fields"),
        ("segments", "GET", "/segments"),
        ("batch-sub-members", "POST", ""),
        ("delete", "DELETE", ""),
    ];
    row["_links"] = ctx.links(&format!("/lists/{id}"), &rels);
    row
}

fn room(ctx: &Ctx<'_>) -> (bool, i64, usize) {
    let (limit, held) = (ctx.account.audience_limit, ctx.account.lists.len());
    let free = limit < 0 || usize::try_from(limit).is_ok_and(|limit| held < limit);
    (free, limit, held)
}

/// `GET /lists`
pub(crate) fn index(ctx: &mut Ctx<'_>, _: &Params<'_>) -> Answer {
    refresh(ctx);
    let moment = |name: &str| ctx.param(name).and_then(time::parse);
    let (since, before) = (moment("since_date_created"), moment("before_date_created"));
    let has_store = ctx.flag("has_ecommerce_store");
    let holder = ctx.param("email").map(super::email::hash);
    let mut rows: Vec<(&str, &List)> = ctx
        .account
        .lists
        .iter()
        .filter(|(id, list)| {
            since.is_none_or(|since| list.created_at > since)
                && before.is_none_or(|before| list.created_at < before)
                && holder
                    .as_ref()
                    .is_none_or(|hash| list.members.contains(hash))
                && has_store.is_none_or(|wanted| {
                    wanted
                        == ctx
                            .account
                            .stores
                            .iter()
                            .any(|(_, store)| store.list == *id)
                })
        })
        .collect();
    if ctx.param("sort_field") == Some("date_created") {
        rows.sort_by_key(|(_, list)| list.created_at);
    }
    if ctx.param("sort_dir") == Some("DESC") {
        rows.reverse();
    }
    let mut answer = ctx.collection("lists", None, rows.into_iter(), |(id, list)| {
        view(ctx, id, list)
    });
    let (free, limit, held) = room(ctx);
    answer["constraints"] =
        json!({"may_create": free, "max_instances": limit, "current_total_instances": held});
    Ok(Some(answer))
}

/// `GET /lists/{list_id}`
pub(crate) fn show(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    refresh(ctx);
    Ok(Some(view(ctx, &params[0], ctx.list(&params[0])?)))
}

fn apply(list: &mut List, body: &Map<String, Value>) {
    copy_fields(body, &mut list.settings, &SETTINGS);
    let flag = |name: &str| body.get(name).and_then(Value::as_bool);
    list.double_optin = flag("double_optin").unwrap_or(list.double_optin);
    list.marketing_permissions =
        flag("marketing_permissions").unwrap_or(list.marketing_permissions);
}

/// `POST /lists`: 403 over the plan's limit (4.2).
pub(crate) fn create(ctx: &mut Ctx<'_>, _: &Params<'_>) -> Answer {
    if !room(ctx).0 {
        return Err(Problem::not_permitted());
    }
    let body = std::mem::take(&mut ctx.body);
    let id = ctx.ids.hex(10);
    let mut list = empty(ctx.ids.number(), Map::new(), ctx.now);
    apply(&mut list, &body);
    ctx.account.lists.put(&id, list);
    Ok(Some(view(ctx, &id, ctx.list(&id)?)))
}

/// `PATCH /lists/{list_id}`
pub(crate) fn update(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let body = std::mem::take(&mut ctx.body);
    apply(ctx.list_mut(&params[0])?, &body);
    show(ctx, params)
}

/// `DELETE /lists/{list_id}`: its stores stay, with `list_is_active: false`.
pub(crate) fn delete(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    ctx.account
        .lists
        .remove(&params[0])
        .ok_or_else(Problem::not_found)?;
    Ok(None)
}
