//! The questions that the references leave open, as settings. The application has to work under
//! every one of them.

use serde::{Deserialize, Serialize};

/// How `ORDERBY Id` sorts (`quickbooks-online.md` 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdOrder {
    /// 2 before 10.
    #[default]
    Number,
    /// 10 before 2.
    Text,
}

/// What becomes of the refresh token that a rotation replaced (`quickbooks-online.md` 1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum OldRefreshToken {
    /// It is refused from then on.
    #[default]
    #[serde(rename = "dies_at_once")]
    DiesAtOnce,
    /// It works for another day.
    #[serde(rename = "24h")]
    LivesADay,
}

/// The open questions, each with the answer that the references find likelier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// QuickBooks: how `ORDERBY Id` sorts.
    pub orderby_id: IdOrder,
    /// QuickBooks: the fate of a replaced refresh token.
    pub refresh_old_token: OldRefreshToken,
    /// QuickBooks: a second authorization of a company ends the first one's tokens
    /// (`quickbooks-online.md` 1.5).
    pub second_authorization_disconnects: bool,
    /// QuickBooks: a batch counts every query in it as a metered call (`quickbooks-online.md` 7).
    pub batch_metered_per_query: bool,
    /// QuickBooks: items in a batch; 30 by the entity page, 10 by the guide
    /// (`quickbooks-online.md` 7).
    pub batch_limit: usize,
    /// QuickBooks: rows in the answer to a batch, all items together; 0 for no limit
    /// (`quickbooks-online.md` 7).
    pub batch_objects: usize,
    /// QuickBooks: `STARTPOSITION 0` passes (`quickbooks-online.md` 3.1).
    pub startposition_zero_passes: bool,
    /// QuickBooks: reactivating a customer takes the ` (deleted)` away by itself
    /// (`quickbooks-online.md` 5.5).
    pub reactivation_strips_suffix: bool,
    /// QuickBooks: a change feed older than 30 days answers anyway, as it did in 2020
    /// (`quickbooks-online.md` 6).
    pub cdc_answers_old_dates: bool,
    /// QuickBooks: throttling is HTTP 403 instead of 429 (`quickbooks-online.md` 8.1).
    pub throttle_is_403: bool,
    /// QuickBooks: throttling carries `Retry-After` (`quickbooks-online.md` 8.1).
    pub retry_after: bool,
    /// QuickBooks: metered calls a month (`quickbooks-online.md` 8.2).
    pub monthly_quota: u64,
    /// QuickBooks: a callback's person is no administrator, so that authorizing ends in
    /// `access_denied`.
    pub not_an_administrator: bool,
    /// QuickBooks: page through a live table: after each page of a query this many rows are
    /// renamed and inserted (`quickbooks-online.md` 3.2).
    pub edits_between_pages: usize,
    /// Mailchimp: PUT revives an archived member.
    pub put_revives_archived: bool,
    /// Mailchimp: tags through a static segment can start an automation.
    pub segment_tag_triggers: bool,
    /// Mailchimp: PATCH of an order keeps the lines that it does not name.
    pub patch_keeps_lines: bool,
    /// Mailchimp: PUT of an order keeps the lines that it does not name.
    pub put_keeps_lines: bool,
    /// Mailchimp: an e-commerce customer or order for an archived person brings them back
    /// (`mailchimp.md` 3.11).
    pub write_revives_archived: bool,
    /// Mailchimp: nobody who unsubscribed comes back by the API, whoever unsubscribed them
    /// (`mailchimp.md` 3.5).
    pub strict_resubscribe: bool,
    /// Mailchimp: `POST /lists/{id}` silently leaves people unsubscribed whom the API had
    /// unsubscribed (`mailchimp.md` 3.5).
    pub bulk_keeps_unsubscribed: bool,
    /// Mailchimp: `POST /lists/{id}` refuses role addresses (`mailchimp.md` 8.2).
    pub bulk_refuses_roles: bool,
    /// Mailchimp: `tags` in a PUT of a member take effect (`mailchimp.md` 3.3).
    pub put_sets_tags: bool,
    /// Mailchimp: a customer with `opt_in_status` false demotes a subscriber
    /// (`mailchimp.md` 5.3).
    pub store_demotes_subscribers: bool,
    /// Mailchimp: a later change of `opt_in_status` to true subscribes (`mailchimp.md` 5.3).
    pub store_opt_in_subscribes: bool,
    /// Mailchimp: deleting a customer deletes their orders (`mailchimp.md` 5.3).
    pub customer_delete_takes_orders: bool,
    /// Mailchimp: there is no PUT for products (`mailchimp.md` 5.4).
    pub products_lack_put: bool,
    /// Mailchimp: there is no PUT for orders (`mailchimp.md` 5.5).
    pub orders_lack_put: bool,
    /// Mailchimp: negative amounts and quantities are refused (`mailchimp.md` 5.5).
    pub negative_amounts_refused: bool,
    /// Mailchimp: a redirect address may continue the registered one (`mailchimp.md` 1.3).
    pub redirect_prefix_match: bool,
    /// Mailchimp: metadata lacks `api_endpoint` (`mailchimp.md` 1.4).
    pub metadata_lacks_endpoint: bool,
    /// Mailchimp: messages about merge fields come in German (`mailchimp.md` 7.1).
    pub localised_messages: bool,
    /// Mailchimp: the ceiling of ten connections holds in every profile (`mailchimp.md` 2).
    pub enforce_connection_limit: bool,
    /// Mailchimp: in this many batches one operation fails with an HTML body
    /// (`mailchimp.md` 2.3).
    pub batch_odd_failures: u32,
    /// Mailchimp: this many fetches of batch results find nothing yet (`mailchimp.md` 2.3).
    pub batch_results_unavailable: u32,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            orderby_id: IdOrder::default(),
            refresh_old_token: OldRefreshToken::default(),
            second_authorization_disconnects: false,
            batch_metered_per_query: false,
            batch_limit: 30,
            batch_objects: 1000,
            startposition_zero_passes: false,
            reactivation_strips_suffix: false,
            cdc_answers_old_dates: false,
            throttle_is_403: false,
            retry_after: false,
            monthly_quota: 500_000,
            not_an_administrator: false,
            edits_between_pages: 0,
            put_revives_archived: true,
            segment_tag_triggers: false,
            patch_keeps_lines: true,
            put_keeps_lines: false,
            write_revives_archived: true,
            strict_resubscribe: false,
            bulk_keeps_unsubscribed: false,
            bulk_refuses_roles: true,
            put_sets_tags: false,
            store_demotes_subscribers: false,
            store_opt_in_subscribes: false,
            customer_delete_takes_orders: false,
            products_lack_put: false,
            orders_lack_put: false,
            negative_amounts_refused: true,
            redirect_prefix_match: false,
            metadata_lacks_endpoint: false,
            localised_messages: false,
            enforce_connection_limit: false,
            batch_odd_failures: 0,
            batch_results_unavailable: 0,
        }
    }
}
