//! The commands, by name.

pub(crate) mod accounts;
pub(crate) mod audiences;
mod company;
pub(crate) mod draft;
mod exceptions;
mod links;
mod look;
mod plan;
pub(crate) mod review;
mod settings;
mod sign_in;
mod start;
mod sync;

use ledgerpost_ipc::for_each_command;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::desk::Desk;
use crate::error::DeskError;

macro_rules! dispatcher {
    ($($(#[$doc:meta])* $name:ident($request:ty) -> $reply:ty;)*) => {
        /// Answers the command of this name.
        pub(crate) async fn dispatch(
            desk: &Desk,
            name: &str,
            request: Value,
        ) -> Result<Value, DeskError> {
            match name {
                $(stringify!($name) => {
                    let request: $request = parse(request)?;
                    // Boxed, or the future of this function would be as large as the largest of all.
                    let reply: $reply = Box::pin(desk.$name(request)).await?;
                    Ok(written(&reply))
                })*
                _ => Err(DeskError::UnknownCommand),
            }
        }
    };
}

for_each_command!(dispatcher);

fn parse<T: DeserializeOwned>(request: Value) -> Result<T, DeskError> {
    serde_path_to_error::deserialize(request).map_err(|error| DeskError::BadRequest {
        path: error.path().to_string(),
    })
}

fn written<T: Serialize>(reply: &T) -> Value {
    serde_json::to_value(reply).expect("replies are plain data with text keys")
}

/// A count as the wire writes it.
pub(crate) fn number(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
