//! What is served, and by which handler.

use super::context::{Answer, Ctx, Params};
use super::{
    batches, bulk, commerce, customers, interests, lines, lists, members_read, members_write,
    merge, orders, products, root, segments, tags,
};

pub(crate) type Handler = fn(&mut Ctx<'_>, &Params<'_>) -> Answer;

/// Everything that is served. `contract.txt` has a line for each, and for nothing else.
pub(crate) const HANDLERS: &[(&str, &str, Handler)] = &[
    ("GET", "/", root::show),
    ("GET", "/ping", root::ping),
    ("GET", "/search-members", members_read::search),
    ("GET", "/authorized-apps", root::apps),
    ("GET", "/automations", root::automations),
    ("GET", "/automations/{workflow_id}", root::show_automation),
    (
        "POST",
        "/automations/{workflow_id}/actions/pause-all-emails",
        root::pause,
    ),
    (
        "POST",
        "/automations/{workflow_id}/actions/start-all-emails",
        root::start,
    ),
    ("GET", "/batches", batches::index),
    ("POST", "/batches", batches::create),
    ("GET", "/batches/{batch_id}", batches::show),
    ("DELETE", "/batches/{batch_id}", batches::delete),
    ("GET", "/lists", lists::index),
    ("POST", "/lists", lists::create),
    ("GET", "/lists/{list_id}", lists::show),
    ("PATCH", "/lists/{list_id}", lists::update),
    ("DELETE", "/lists/{list_id}", lists::delete),
    ("POST", "/lists/{list_id}", bulk::members),
    ("GET", "/lists/{list_id}/members", members_read::index),
    ("POST", "/lists/{list_id}/members", members_write::create),
    (
        "GET",
        "/lists/{list_id}/members/{subscriber_hash}",
        members_read::show,
    ),
    (
        "PUT",
        "/lists/{list_id}/members/{subscriber_hash}",
        members_write::put,
    ),
    (
        "PATCH",
        "/lists/{list_id}/members/{subscriber_hash}",
        members_write::patch,
    ),
    (
        "DELETE",
        "/lists/{list_id}/members/{subscriber_hash}",
        members_write::archive,
    ),
    (
        "POST",
        "/lists/{list_id}/members/{subscriber_hash}/actions/delete-permanent",
        members_write::forget,
    ),
    (
        "GET",
        "/lists/{list_id}/members/{subscriber_hash}/tags",
        tags::of_member,
    ),
    (
        "POST",
        "/lists/{list_id}/members/{subscriber_hash}/tags",
        tags::update_member,
    ),
    ("GET", "/lists/{list_id}/tag-search", tags::search),
    ("GET", "/lists/{list_id}/segments", segments::index),
    ("POST", "/lists/{list_id}/segments", segments::create),
    (
        "GET",
        "/lists/{list_id}/segments/{segment_id}",
        segments::show,
    ),
    (
        "PATCH",
        "/lists/{list_id}/segments/{segment_id}",
        segments::patch,
    ),
    (
        "DELETE",
        "/lists/{list_id}/segments/{segment_id}",
        segments::delete,
    ),
    (
        "POST",
        "/lists/{list_id}/segments/{segment_id}",
        segments::update,
    ),
    (
        "GET",
        "/lists/{list_id}/segments/{segment_id}/members",
        segments::members,
    ),
    (
        "POST",
        "/lists/{list_id}/segments/{segment_id}/members",
        segments::add_member,
    ),
    (
        "DELETE",
        "/lists/{list_id}/segments/{segment_id}/members/{subscriber_hash}",
        segments::take_member,
    ),
    ("GET", "/lists/{list_id}/merge-fields", merge::index),
    ("POST", "/lists/{list_id}/merge-fields", merge::create),
    (
        "GET",
        "/lists/{list_id}/merge-fields/{merge_id}",
        merge::show,
    ),
    (
        "PATCH",
        "/lists/{list_id}/merge-fields/{merge_id}",
        merge::update,
    ),
    (
        "DELETE",
        "/lists/{list_id}/merge-fields/{merge_id}",
        merge::delete,
    ),
    (
        "GET",
        "/lists/{list_id}/interest-categories",
        interests::categories,
    ),
    (
        "POST",
        "/lists/{list_id}/interest-categories",
        interests::create_category,
    ),
    (
        "GET",
        "/lists/{list_id}/interest-categories/{interest_category_id}",
        interests::show_category,
    ),
    (
        "DELETE",
        "/lists/{list_id}/interest-categories/{interest_category_id}",
        interests::delete_category,
    ),
    (
        "GET",
        "/lists/{list_id}/interest-categories/{interest_category_id}/interests",
        interests::interests,
    ),
    (
        "POST",
        "/lists/{list_id}/interest-categories/{interest_category_id}/interests",
        interests::create_interest,
    ),
    (
        "GET",
        "/lists/{list_id}/interest-categories/{interest_category_id}/interests/{interest_id}",
        interests::show_interest,
    ),
    (
        "DELETE",
        "/lists/{list_id}/interest-categories/{interest_category_id}/interests/{interest_id}",
        interests::delete_interest,
    ),
    ("GET", "/ecommerce/orders", orders::account_wide),
    ("GET", "/ecommerce/stores", commerce::stores),
    ("POST", "/ecommerce/stores", commerce::create),
    ("GET", "/ecommerce/stores/{store_id}", commerce::show),
    ("PATCH", "/ecommerce/stores/{store_id}", commerce::update),
    ("DELETE", "/ecommerce/stores/{store_id}", commerce::delete),
    (
        "GET",
        "/ecommerce/stores/{store_id}/customers",
        customers::index,
    ),
    (
        "POST",
        "/ecommerce/stores/{store_id}/customers",
        customers::create,
    ),
    (
        "GET",
        "/ecommerce/stores/{store_id}/customers/{customer_id}",
        customers::show,
    ),
    (
        "PUT",
        "/ecommerce/stores/{store_id}/customers/{customer_id}",
        customers::put,
    ),
    (
        "PATCH",
        "/ecommerce/stores/{store_id}/customers/{customer_id}",
        customers::patch,
    ),
    (
        "DELETE",
        "/ecommerce/stores/{store_id}/customers/{customer_id}",
        customers::delete,
    ),
    (
        "GET",
        "/ecommerce/stores/{store_id}/products",
        products::index,
    ),
    (
        "POST",
        "/ecommerce/stores/{store_id}/products",
        products::create,
    ),
    (
        "GET",
        "/ecommerce/stores/{store_id}/products/{product_id}",
        products::show,
    ),
    (
        "PUT",
        "/ecommerce/stores/{store_id}/products/{product_id}",
        products::put,
    ),
    (
        "PATCH",
        "/ecommerce/stores/{store_id}/products/{product_id}",
        products::patch,
    ),
    (
        "DELETE",
        "/ecommerce/stores/{store_id}/products/{product_id}",
        products::delete,
    ),
    (
        "GET",
        "/ecommerce/stores/{store_id}/products/{product_id}/variants",
        products::variants,
    ),
    (
        "POST",
        "/ecommerce/stores/{store_id}/products/{product_id}/variants",
        products::create_variant,
    ),
    (
        "GET",
        "/ecommerce/stores/{store_id}/products/{product_id}/variants/{variant_id}",
        products::show_variant,
    ),
    (
        "PUT",
        "/ecommerce/stores/{store_id}/products/{product_id}/variants/{variant_id}",
        products::put_one_variant,
    ),
    (
        "PATCH",
        "/ecommerce/stores/{store_id}/products/{product_id}/variants/{variant_id}",
        products::patch_variant,
    ),
    (
        "DELETE",
        "/ecommerce/stores/{store_id}/products/{product_id}/variants/{variant_id}",
        products::delete_variant,
    ),
    ("GET", "/ecommerce/stores/{store_id}/orders", orders::index),
    (
        "POST",
        "/ecommerce/stores/{store_id}/orders",
        orders::create,
    ),
    (
        "GET",
        "/ecommerce/stores/{store_id}/orders/{order_id}",
        orders::show,
    ),
    (
        "PUT",
        "/ecommerce/stores/{store_id}/orders/{order_id}",
        orders::put,
    ),
    (
        "PATCH",
        "/ecommerce/stores/{store_id}/orders/{order_id}",
        orders::patch,
    ),
    (
        "DELETE",
        "/ecommerce/stores/{store_id}/orders/{order_id}",
        orders::delete,
    ),
    (
        "GET",
        "/ecommerce/stores/{store_id}/orders/{order_id}/lines",
        lines::index,
    ),
    (
        "POST",
        "/ecommerce/stores/{store_id}/orders/{order_id}/lines",
        lines::create,
    ),
    (
        "GET",
        "/ecommerce/stores/{store_id}/orders/{order_id}/lines/{line_id}",
        lines::show,
    ),
    (
        "PATCH",
        "/ecommerce/stores/{store_id}/orders/{order_id}/lines/{line_id}",
        lines::patch,
    ),
    (
        "DELETE",
        "/ecommerce/stores/{store_id}/orders/{order_id}/lines/{line_id}",
        lines::delete,
    ),
];
