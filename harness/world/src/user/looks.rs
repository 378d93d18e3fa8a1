//! Looks at a tenant: rows, events, stored models, a census; and deleting.

use journal::{Census, CensusMoment, EventsSeen, Fact, Receipt, Row, RowSeen, RowSource, StoredModelSeen};
use reqwest::Method;
use wire::{StoredEvent, StoredModel, Workspace, header};

use super::Tenant;
use super::tenant::CALL_BOUND;
use crate::ClientError;

/// The row never was.
const NOT_FOUND: u16 = 404;
/// The row was removed (tenant-api §2.6).
const GONE: u16 = 410;

impl Tenant {
    /// Looks at a row as a wait does: recorded only where it differs from the look before.
    ///
    /// # Errors
    /// No answer, or one that is neither a row nor 404 nor 410.
    pub async fn look(&self, workspace: &str) -> Result<RowSeen, ClientError> {
        let seen = self.row(workspace).await?;
        if self.org.keep_look(&seen) {
            self.recorder().record(Fact::Row(seen.clone()));
        }
        Ok(seen)
    }

    /// Looks at a row as a probe does: always recorded.
    ///
    /// # Errors
    /// As [`Tenant::look`].
    pub async fn read(&self, workspace: &str) -> Result<RowSeen, ClientError> {
        let seen = self.row(workspace).await?;
        self.note(&seen);
        Ok(seen)
    }

    /// Every row that the tenant lists, each recorded; of a tenant that goes on after the journey only its own.
    ///
    /// # Errors
    /// No answer, or one that is no list of rows.
    pub async fn list(&self) -> Result<Vec<RowSeen>, ClientError> {
        let seen: Vec<RowSeen> = self.rows().await?.into_iter().map(|row| self.listed(row)).collect();
        seen.iter().for_each(|seen| self.note(seen));
        Ok(seen)
    }

    /// The stored events of a row, oldest first, recorded.
    ///
    /// # Errors
    /// No answer, or one that is no list of events.
    pub async fn events(&self, workspace: &str) -> Result<EventsSeen, ClientError> {
        let mut events: Vec<StoredEvent> = self.get(format!("/events/{workspace}")).await?;
        events.reverse();
        let seen = EventsSeen { tenant: self.role, workspace: workspace.to_owned(), events };
        self.recorder().record(Fact::Events(seen.clone()));
        Ok(seen)
    }

    /// The stored model of a row, recorded.
    ///
    /// # Errors
    /// No answer, or one that is no stored model.
    pub async fn stored_model(&self, workspace: &str) -> Result<StoredModelSeen, ClientError> {
        let stored: StoredModel = self.get(format!("/workspaces/{workspace}/model")).await?;
        let seen = StoredModelSeen { workspace: workspace.to_owned(), stored };
        self.recorder().record(Fact::StoredModel(seen.clone()));
        Ok(seen)
    }

    /// Deletes a row and reads it again, recorded. `name` must be the row's exact name, as its own row says it; `cascade`
    /// takes its children along.
    ///
    /// # Errors
    /// No answer to the delete or to the read. A refused delete is a receipt with its status.
    pub async fn delete(&self, workspace: &str, name: &str, cascade: bool) -> Result<Receipt, ClientError> {
        let query = if cascade { "?confirm=true" } else { "" };
        let path = format!("/workspaces/{workspace}{query}");
        let name = match self.mark {
            // Under no other name than its present one, and where it is not ours under one that nobody bears.
            Some(_) => self.own_name_on_wire(workspace).await?.unwrap_or_else(|| self.name_on_wire(name)),
            None => name.to_owned(),
        };
        let sent = self.request(Method::DELETE, path, CALL_BOUND).header(header::CONFIRM_NAME, &name);
        let deleted = self.send(&sent).await?;
        let after = self.row(workspace).await?;
        let receipt = Receipt {
            tenant: self.role,
            workspace: workspace.to_owned(),
            status: deleted.status,
            read_after: after.status,
        };
        self.recorder().record(Fact::Receipt(receipt.clone()));
        Ok(receipt)
    }

    /// All rows and all running boxes, recorded; of a tenant that goes on after the journey only the journey's own.
    ///
    /// # Errors
    /// As [`Tenant::list`].
    pub async fn census(&self, moment: CensusMoment) -> Result<Census, ClientError> {
        let rows = self.rows().await?;
        let census = Census { tenant: self.role, moment, rows, boxes: self.org.running_boxes() };
        self.recorder().record(Fact::Census(census.clone()));
        Ok(census)
    }

    /// How many boxes of this tenant run; nothing is recorded.
    pub fn live_boxes(&self) -> usize {
        self.org.running_boxes().len()
    }

    fn note(&self, seen: &RowSeen) {
        self.org.keep_look(seen);
        self.recorder().record(Fact::Row(seen.clone()));
    }

    fn listed(&self, row: Row) -> RowSeen {
        RowSeen {
            tenant: self.role,
            source: RowSource::List,
            workspace: row.id.clone(),
            row: Some(row),
            status: 200,
        }
    }

    async fn row(&self, workspace: &str) -> Result<RowSeen, ClientError> {
        let sent = self.request(Method::GET, format!("/workspaces/{workspace}"), CALL_BOUND);
        let answer = self.send(&sent).await?;
        let row = match answer.status {
            200 => Some(Row::from(sent.read::<Workspace>(&answer)?)),
            NOT_FOUND | GONE => None,
            _ => return Err(sent.unexpected(&answer)),
        };
        Ok(RowSeen {
            tenant: self.role,
            source: RowSource::Read,
            row,
            workspace: workspace.to_owned(),
            status: answer.status,
        })
    }

    async fn rows(&self) -> Result<Vec<Row>, ClientError> {
        let rows = self.rows_on_wire().await?.into_iter();
        let rows = rows.filter_map(|row| match &self.mark {
            Some(mark) => mark.is_own(&row).then(|| mark.taken_out_of(row)),
            None => Some(row),
        });
        Ok(rows.map(Row::from).collect())
    }

    /// Every row of the tenant as it is, whoever made it; nothing is recorded.
    pub(super) async fn rows_on_wire(&self) -> Result<Vec<Workspace>, ClientError> {
        let sent = self.request(Method::GET, "/workspaces".to_owned(), CALL_BOUND);
        let answer = sent.send(&self.shared.client).await?;
        if answer.status == 200 { sent.read(&answer) } else { Err(sent.unexpected(&answer)) }
    }

    /// The name by which a row must be deleted, where it is still there and the journey's own.
    async fn own_name_on_wire(&self, workspace: &str) -> Result<Option<String>, ClientError> {
        let rows = self.rows_on_wire().await?;
        let is_own = |row: &Workspace| self.mark.as_ref().is_some_and(|mark| mark.is_own(row));
        Ok(rows.into_iter().find(|row| row.id == workspace && is_own(row)).map(|row| row.name))
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, path: String) -> Result<T, ClientError> {
        let sent = self.request(Method::GET, path, CALL_BOUND);
        let answer = self.send(&sent).await?;
        if answer.status == 200 { sent.read(&answer) } else { Err(sent.unexpected(&answer)) }
    }
}
