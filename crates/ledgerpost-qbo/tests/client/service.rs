//! A service of a few tables on loopback, which counts and can be told to fail.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::extract::{Query as Parameters, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::IntoResponse;
use jiff::Timestamp;
use ledgerpost_core::ports::Clock;
use ledgerpost_net::NetError;
use ledgerpost_net::http::{Authorizer, Limits, Meter, RetryPolicy, Transport};
use ledgerpost_net::secret::Secret;
use ledgerpost_qbo::{Client, Config, Entity};
use serde_json::{Value, json};

pub(crate) const NOW: &str = "2026-03-02T16:15:04Z";
pub(crate) const TIME: &str = "2026-03-02T08:15:04.127-08:00";

/// The books, and what goes wrong with them.
#[derive(Default)]
pub(crate) struct Books {
    pub(crate) tables: BTreeMap<&'static str, Vec<Value>>,
    /// Ids of documents that make every answer with them fail.
    pub(crate) poison: BTreeSet<String>,
    /// Answers to send before anything else: status and body.
    pub(crate) answers: Vec<(u16, String)>,
    /// What change data capture says, by the entities asked for.
    pub(crate) changes: BTreeMap<String, Value>,
    /// A row to delete once a query was answered: the entity and the id.
    pub(crate) deletion: Option<(&'static str, &'static str)>,
    /// Most items in a batch.
    pub(crate) items_limit: Option<usize>,
    /// The token that is accepted; any if `None`.
    pub(crate) token: Option<&'static str>,
    /// Requests: method, path below the company, statements.
    pub(crate) log: Vec<(String, String, Vec<String>)>,
}

impl Books {
    /// Adds `count` rows with ids from 1.
    pub(crate) fn fill(mut self, entity: Entity, count: usize) -> Self {
        let rows = (1..=count).map(|id| row(entity, &id.to_string())).collect();
        self.tables.insert(entity.name(), rows);
        self
    }

    fn query(&self, statement: &str) -> Value {
        let words: Vec<_> = statement.split_whitespace().collect();
        let entity = words[words.iter().position(|word| *word == "FROM").unwrap() + 1];
        match entity {
            "CompanyInfo" => {
                return json!({"CompanyInfo": [{"Id": "1", "CompanyName": "Tidewater"}]});
            }
            "Preferences" => {
                return json!({"Preferences": [{"CurrencyPrefs": {"HomeCurrency": {"value": "CAD"}}}]});
            }
            "CustomerType" => {
                return json!({"CustomerType": [{"Id": "5", "Name": "Wholesale", "Active": true}]});
            }
            _ => {}
        }
        let none = Vec::new();
        let table = self.tables.get(entity).unwrap_or(&none);
        let ids = statement.split_once("Id IN (").map(|(_, rest)| {
            let list = rest.split_once(')').unwrap().0;
            list.split(", ")
                .map(|id| id.trim_matches('\'').to_owned())
                .collect::<BTreeSet<_>>()
        });
        let chosen: Vec<_> = table
            .iter()
            .filter(|row| {
                ids.as_ref()
                    .is_none_or(|ids| ids.contains(row["Id"].as_str().unwrap_or_default()))
            })
            .collect();
        if statement.contains("COUNT(*)") {
            return json!({"totalCount": chosen.len()});
        }
        assert!(
            statement.contains("ORDERBY Id"),
            "the order is always explicit: {statement}"
        );
        let number = |word: &str| -> usize {
            words[words.iter().position(|other| *other == word).unwrap() + 1]
                .parse()
                .unwrap()
        };
        let (start, most) = (number("STARTPOSITION"), number("MAXRESULTS"));
        assert!(start >= 1 && (1..=1000).contains(&most), "{statement}");
        let page: Vec<_> = chosen.into_iter().skip(start - 1).take(most).collect();
        if page
            .iter()
            .any(|row| self.poison.contains(row["Id"].as_str().unwrap_or_default()))
        {
            return fault(
                "4002",
                "QueryProcessingError: To email address entered is invalid",
            );
        }
        if page.is_empty() {
            return json!({});
        }
        json!({entity: page, "startPosition": start, "maxResults": page.len()})
    }

    fn answer(
        &mut self,
        path: &str,
        parameters: &BTreeMap<String, String>,
        body: &str,
    ) -> (u16, Value) {
        let statements: Vec<String> = match path {
            "query" if body.is_empty() => vec![parameters["query"].clone()],
            "query" => vec![body.to_owned()],
            "batch" => serde_json::from_str::<Value>(body).unwrap()["BatchItemRequest"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| {
                    item["Query"]
                        .as_str()
                        .expect("a batch holds nothing but queries")
                        .to_owned()
                })
                .collect(),
            _ => Vec::new(),
        };
        self.log.last_mut().unwrap().2.clone_from(&statements);
        match path {
            "query" => {
                let group = self.query(&statements[0]);
                if group.get("Error").is_some() {
                    return (400, json!({"Fault": group, "time": TIME}));
                }
                (200, json!({"QueryResponse": group, "time": TIME}))
            }
            "batch"
                if self
                    .items_limit
                    .is_some_and(|limit| statements.len() > limit) =>
            {
                (400, json!({"Fault": fault("1040", "too many")}))
            }
            "batch" => {
                let mut items: Vec<_> = statements
                    .iter()
                    .enumerate()
                    .map(|(position, statement)| {
                        let group = self.query(statement);
                        let name = if group.get("Error").is_some() {
                            "Fault"
                        } else {
                            "QueryResponse"
                        };
                        json!({name: group, "bId": format!("q{position}")})
                    })
                    .collect();
                // Order is not promised.
                items.reverse();
                (200, json!({"BatchItemResponse": items, "time": TIME}))
            }
            "cdc" => {
                let answer = self.changes.get(&parameters["entities"]).cloned();
                match answer {
                    Some(groups) if groups.get("Error").is_some() => {
                        (400, json!({"Fault": groups}))
                    }
                    groups => (
                        200,
                        json!({"CDCResponse": [{"QueryResponse": groups.unwrap_or(json!([{}]))}], "time": TIME}),
                    ),
                }
            }
            _ => {
                let (name, id) = path.split_once('/').unwrap();
                let entity = Entity::ALL
                    .into_iter()
                    .find(|entity| entity.name().to_lowercase() == name);
                let found = entity.and_then(|entity| {
                    let table = self.tables.get(entity.name())?;
                    Some((entity, table.iter().find(|row| row["Id"] == id)?))
                });
                match found {
                    Some((entity, row)) => (200, json!({entity.name(): row, "time": TIME})),
                    None => (400, json!({"Fault": fault("610", "Object Not Found")})),
                }
            }
        }
    }
}

pub(crate) fn fault(code: &str, detail: &str) -> Value {
    json!({"Error": [{"Message": "m", "Detail": detail, "code": code}], "type": "ValidationFault"})
}

pub(crate) fn row(entity: Entity, id: &str) -> Value {
    let mut row = json!({"Id": id, "SyncToken": "0", "domain": "QBO",
        "MetaData": {"LastUpdatedTime": "2026-03-01T10:00:00-08:00"}});
    let more = match entity {
        Entity::Customer => json!({"DisplayName": format!("Customer {id}"), "Active": true}),
        Entity::Item => json!({"Name": format!("Item {id}"), "Type": "Service"}),
        Entity::Payment => json!({"TotalAmt": 0, "Line": []}),
        _ => json!({"TxnDate": "2026-02-20", "TotalAmt": 12.50, "Line": []}),
    };
    row.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    row
}

pub(crate) type Shared = Arc<Mutex<Books>>;

async fn handle(
    State(books): State<Shared>,
    method: Method,
    uri: Uri,
    Parameters(parameters): Parameters<BTreeMap<String, String>>,
    headers: HeaderMap,
    body: String,
) -> impl IntoResponse {
    let path = uri
        .path()
        .strip_prefix("/v3/company/12345/")
        .expect("the company's path")
        .to_owned();
    assert_eq!(parameters["minorversion"], "75");
    let mut books = books.lock().unwrap();
    books
        .log
        .push((method.to_string(), path.clone(), Vec::new()));
    let tid = [("intuit_tid", "1-test")];
    if let Some((status, body)) = books.answers.pop() {
        return (StatusCode::from_u16(status).unwrap(), tid, body);
    }
    let token = headers["authorization"].to_str().unwrap();
    if books
        .token
        .is_some_and(|wanted| token != format!("Bearer {wanted}"))
    {
        return (StatusCode::UNAUTHORIZED, tid, gateway(token));
    }
    let (status, body) = books.answer(&path, &parameters, &body);
    if let ("query", Some((name, id))) = (path.as_str(), books.deletion) {
        books
            .tables
            .get_mut(name)
            .unwrap()
            .retain(|row| row["Id"] != id);
    }
    (StatusCode::from_u16(status).unwrap(), tid, body.to_string())
}

/// The gateway's answer to a token that it does not accept, which shows the token.
fn gateway(token: &str) -> String {
    json!({"warnings": null, "fault": {"error": [{"message": "message=AuthenticationFailed; errorCode=003200; statusCode=401",
        "detail": format!("Token expired: {token}"), "code": "3200", "element": null}], "type": "AUTHENTICATION"},
        "time": 1_601_391_072_830_u64})
    .to_string()
}

/// Starts the service and a client for it that never waits.
pub(crate) async fn start(
    books: Books,
    change: impl FnOnce(&mut Config),
) -> (Client, Shared, Meter) {
    let books = Arc::new(Mutex::new(books));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new()
        .fallback(handle)
        .with_state(Arc::clone(&books));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let mut config = Config::new(url.parse().unwrap(), "12345".into());
    config.retry = RetryPolicy::IMMEDIATE;
    change(&mut config);
    let meter = Meter::default();
    let transport = Transport::new("quickbooks", Limits::default(), meter.clone());
    let client = Client::new(
        transport,
        config,
        Arc::new(Tokens::default()),
        Arc::new(Noon),
    );
    (client, books, meter)
}

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        NOW.parse().unwrap()
    }
}

/// Hands out `token-0`, and `token-1` once that was refused.
#[derive(Default)]
struct Tokens {
    refreshes: AtomicUsize,
}

#[async_trait]
impl Authorizer for Tokens {
    async fn token(&self) -> Result<Option<Secret>, NetError> {
        Ok(Some(secret(self.refreshes.load(Ordering::SeqCst))))
    }

    async fn token_after(&self, _: &Secret) -> Result<Secret, NetError> {
        Ok(secret(self.refreshes.fetch_add(1, Ordering::SeqCst) + 1))
    }
}

fn secret(number: usize) -> Secret {
    Secret::new(format!("token-{number}"))
}
