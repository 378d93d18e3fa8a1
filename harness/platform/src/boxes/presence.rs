//! A box's proof towards its tenant.

use axum::http::HeaderMap;
use contract::{Contract, CreateToken};
use rusqlite::Connection;
use uuid::Uuid;

use crate::credential::{bearer, invalid_workspace_token, missing_workspace_token};
use crate::reply::Answer;
use crate::store::tokens::{self, TokenKind};

/// What the tenant knows of the box that calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// No box has a token yet: the first one to call gets it.
    First,
    /// The box proved itself with a token.
    Known,
}

/// The token rule: a bearer is wanted as soon as a box's token is live. The create answer's token is accepted too; it
/// stands for a box only where the contract has provisioning revoke it, and where that did not happen.
pub(crate) fn check(
    store: &Connection,
    contract: &Contract,
    workspace: Uuid,
    headers: &HeaderMap,
) -> Answer<Presence> {
    let counts_api = contract.create_token == CreateToken::MayBeRevoked;
    let is_taken = tokens::has_live(store, workspace, TokenKind::Instance)?
        || (counts_api && tokens::has_live(store, workspace, TokenKind::Api)?);
    if !is_taken {
        return Ok(Presence::First);
    }
    let token = bearer(headers).ok_or_else(missing_workspace_token)?;
    if tokens::holds(store, workspace, token)? { Ok(Presence::Known) } else { Err(invalid_workspace_token()) }
}
