//! QuickBooks Online on loopback.

use std::sync::Arc;

use axum::Router;
use axum::http::request::Parts;
use axum::response::Response;
use serde_json::{Value, json};

use crate::frame::{ControlError, QuickBooksServices, Service, ServiceName, World};
use crate::seed::Books;

/// Makes the service.
pub fn service(
    _world: &Arc<World>,
    _companies: Vec<Books>,
    _services: &QuickBooksServices,
) -> Arc<dyn Service> {
    Arc::new(QuickBooks)
}

struct QuickBooks;

impl Service for QuickBooks {
    fn name(&self) -> ServiceName {
        ServiceName::QuickBooks
    }
    fn routes(self: Arc<Self>) -> Router {
        Router::new()
    }
    fn state(&self, _stable: bool) -> Value {
        json!({})
    }
    fn mutate(&self, _edit: Value) -> Result<Value, ControlError> {
        Err(ControlError::NotFound("the edit".to_owned()))
    }
    fn reset(&self) {}
    fn lane(&self, _request: &Parts) -> Option<String> {
        None
    }
    fn admit(&self, _request: &Parts, _template: &str, _concurrent: usize) -> Option<Response> {
        None
    }
}
