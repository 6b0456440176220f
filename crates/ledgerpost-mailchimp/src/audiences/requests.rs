//! Requests for audiences.

use ledgerpost_core::ids::AudienceId;

use super::NewAudience;
use crate::request::Request;

/// Creates an audience. Sent twice, it would create two.
pub fn create_audience(audience: &NewAudience) -> Request {
    Request::new("POST /lists", &[])
        .query("fields", "id,name")
        .body(audience)
        .only_once()
}

/// Lists the audiences with the plan's limit.
pub fn list_audiences() -> Request {
    Request::new("GET /lists", &[]).query(
        "fields",
        "lists.id,lists.name,lists.double_optin,lists.has_welcome,\
         lists.marketing_permissions,lists.subscribe_url_long,lists.stats.member_count,constraints,total_items",
    )
}

/// Reads one audience.
pub fn read_audience(audience: &AudienceId) -> Request {
    Request::new("GET /lists/{list_id}", &[audience.as_str()]).query(
        "fields",
        "id,name,double_optin,has_welcome,marketing_permissions,subscribe_url_long,stats.member_count",
    )
}

/// Lists an audience's merge fields.
pub fn list_merge_fields(audience: &AudienceId) -> Request {
    Request::new("GET /lists/{list_id}/merge-fields", &[audience.as_str()]).query(
        "fields",
        "merge_fields.tag,merge_fields.type,merge_fields.required,merge_fields.options,total_items",
    )
}

/// Lists an audience's groups.
pub fn list_interest_categories(audience: &AudienceId) -> Request {
    Request::new(
        "GET /lists/{list_id}/interest-categories",
        &[audience.as_str()],
    )
    .query(
        "fields",
        "categories.id,categories.title,categories.type,total_items",
    )
}

/// Lists a group's choices.
pub fn list_interests(audience: &AudienceId, category: &str) -> Request {
    Request::new(
        "GET /lists/{list_id}/interest-categories/{interest_category_id}/interests",
        &[audience.as_str(), category],
    )
    .query("fields", "interests.id,interests.name,total_items")
}

/// Lists the classic automations that are sending.
pub fn list_sending_automations() -> Request {
    Request::new("GET /automations", &[])
        .query("status", "sending")
        .query(
            "fields",
            "automations.id,automations.recipients.list_id,automations.settings.title,\
             automations.trigger_settings.workflow_type,total_items",
        )
}
