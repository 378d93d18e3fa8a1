//! `GET /workspaces/:id/events/stream` (tenant-api §6.2): one workspace's stored events as they come; nothing is
//! replayed.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::Event;
use futures::stream::{self, Stream};
use serde_json::json;
use tokio::sync::watch;
use uuid::Uuid;
use wire::StoredEvent;

use super::read::find_live;
use crate::credential::Workspace;
use crate::reply::Answer;
use crate::store::{events, now_ms};
use crate::tenant::Tenant;

/// A listener: what it has heard, and what it has yet to say.
struct Listener {
    tenant: Arc<Tenant>,
    workspace: Uuid,
    changed: watch::Receiver<()>,
    heard: i64,
    waiting: Vec<StoredEvent>,
    greeted: bool,
}

/// Opens the stream with a comment, so that a client knows that it listens.
pub(crate) async fn listen(
    State(tenant): State<Arc<Tenant>>,
    Workspace(id): Workspace,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    find_live(&tenant, id)?;
    let changed = tenant.store.changes();
    let heard = tenant.store.with(events::last)?;
    let listener = Listener { tenant, workspace: id, changed, heard, waiting: Vec::new(), greeted: false };
    Ok(Sse::new(stream::unfold(listener, |listener| async {
        let (event, listener) = next(listener).await?;
        Some((Ok(event), listener))
    })))
}

/// The next thing to say; `None` ends the stream.
async fn next(mut listener: Listener) -> Option<(Event, Listener)> {
    if !listener.greeted {
        listener.greeted = true;
        return Some((Event::default().comment("ping"), listener));
    }
    loop {
        if let Some(event) = listener.waiting.pop() {
            let data = json!({ "type": event.event_type, "timestamp": now_ms(), "data": event.payload });
            return Some((Event::default().data(data.to_string()), listener));
        }
        let stopping = listener.tenant.stopping.clone();
        tokio::select! {
            () = stopping.cancelled() => return None,
            changed = listener.changed.changed() => changed.ok()?,
        }
        let (workspace, heard) = (listener.workspace, listener.heard);
        let (last, mut fresh) =
            listener.tenant.store.with(|store| events::since(store, workspace, heard)).ok()?;
        fresh.reverse();
        (listener.heard, listener.waiting) = (last, fresh);
    }
}
