//! Who one is, whether the service is up, and classic automations (`mailchimp.md` 1.5, section 6).

use serde_json::{Value, json};

use super::context::{Answer, Ctx, Params};
use super::model::{Automation, Status};
use super::problem::Problem;
use super::time::{self, stamp};

/// `GET /`
pub(crate) fn show(ctx: &mut Ctx<'_>, _: &Params<'_>) -> Answer {
    let account = &ctx.account;
    let subscribers: usize = account
        .lists
        .iter()
        .flat_map(|(_, list)| list.members.iter())
        .filter(|(_, member)| member.status == Status::Subscribed)
        .count();
    Ok(Some(json!({
        "account_id": account.id, "login_id": account.user.login_id.to_string(),
        "account_name": account.name, "email": account.user.email,
        "first_name": account.user.first_name, "last_name": account.user.last_name,
        "username": account.user.login_name, "avatar_url": "", "role": account.role,
        "member_since": "2019-03-04T08:00:00+00:00", "pricing_plan_type": account.plan,
        "first_payment": "2019-03-04T08:00:00+00:00", "account_timezone": "America/Los_Angeles",
        "account_industry": "Retail",
        "contact": {
            "company": account.name, "addr1": "1 Main St", "addr2": "", "city": "Salem",
            "state": "OR", "zip": "97301", "country": "US",
        },
        "pro_enabled": false, "last_login": stamp(ctx.now), "total_subscribers": subscribers,
        "industry_stats": {"open_rate": 0.2, "bounce_rate": 0.01, "click_rate": 0.02},
        "_links": ctx.links("", &[("self", "GET", "/"), ("lists", "GET", "/lists")]),
    })))
}

/// `GET /ping`
pub(crate) fn ping(_: &mut Ctx<'_>, _: &Params<'_>) -> Answer {
    Ok(Some(json!({"health_status": "Everything's Chimpy!"})))
}

/// `GET /authorized-apps`
pub(crate) fn apps(ctx: &mut Ctx<'_>, _: &Params<'_>) -> Answer {
    Ok(Some(json!({
        "apps": [{
            "id": 1, "name": "Ledgerpost", "description": "",
            "users": [ctx.account.user.login_name], "_links": [],
        }],
        "total_items": 1, "_links": [],
    })))
}

fn automation(ctx: &Ctx<'_>, id: &str, row: &Automation) -> Value {
    let list = ctx.account.lists.get(&row.list);
    json!({
        "id": id, "create_time": stamp(row.created_at), "start_time": stamp(row.created_at),
        "status": row.status, "emails_sent": 0,
        "recipients": {
            "list_id": row.list, "list_is_active": list.is_some(),
            "list_name": list.map(super::model::List::name).unwrap_or_default(),
            "segment_opts": {}, "store_id": "",
        },
        "settings": {"title": row.title},
        "tracking": {},
        "trigger_settings": {
            "workflow_type": row.kind, "workflow_title": row.title,
            "workflow_emails_count": 1,
        },
        "report_summary": {}, "_links": [],
    })
}

/// `GET /automations`: classic ones; customer journeys cannot be listed.
pub(crate) fn automations(ctx: &mut Ctx<'_>, _: &Params<'_>) -> Answer {
    let moment = |name: &str| ctx.param(name).and_then(time::parse);
    let since = moment("since_create_time").max(moment("since_start_time"));
    let before = moment("before_create_time").or(moment("before_start_time"));
    let status = ctx.param("status");
    let rows = ctx.account.automations.iter().filter(|(_, row)| {
        status.is_none_or(|status| row.status == status)
            && since.is_none_or(|since| row.created_at > since)
            && before.is_none_or(|before| row.created_at < before)
    });
    Ok(Some(ctx.collection(
        "automations",
        None,
        rows,
        |(id, row)| automation(ctx, id, row),
    )))
}

/// `GET /automations/{workflow_id}`
pub(crate) fn show_automation(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let row = ctx
        .account
        .automations
        .get(&params[0])
        .ok_or_else(Problem::not_found)?;
    Ok(Some(automation(ctx, &params[0], row)))
}

fn set_status(ctx: &mut Ctx<'_>, params: &Params<'_>, status: &str) -> Answer {
    let row = ctx
        .account
        .automations
        .get_mut(&params[0])
        .ok_or_else(Problem::not_found)?;
    status.clone_into(&mut row.status);
    Ok(None)
}

/// `POST /automations/{workflow_id}/actions/pause-all-emails`
pub(crate) fn pause(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    set_status(ctx, params, "paused")
}

/// `POST /automations/{workflow_id}/actions/start-all-emails`
pub(crate) fn start(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    set_status(ctx, params, "sending")
}
