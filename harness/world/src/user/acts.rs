//! Scripted acts of the admin: the entries by which an id comes in, keys, and billing modes. Each is recorded as an
//! exchange and as a fact of its own; what a platform answers is never an error here.

use contract::Entry;
use journal::{
    BillingModeSet, EntryCall, EntryStep, Fact, Hop, KeyScope, OfferedModel, OfferedSeen, SecretWritten,
};
use reqwest::{Method, Url};
use serde::Deserialize;
use serde_json::json;
use wire::CreateWorkspace;

use super::Tenant;
use super::answer::EntryAnswer;
use super::tenant::CALL_BOUND;
use crate::ClientError;
use crate::http::{Answer, Note, Outgoing};

/// What is answered to a write that waits for a person.
const WAITS_FOR_APPROVAL: u16 = 202;

impl Tenant {
    /// `POST /workspaces` as admin. `entry` is the one that is played: `put_model` and `restart` begin with a create.
    ///
    /// # Errors
    /// No answer.
    pub async fn create(
        &self,
        entry: Entry,
        member: &str,
        body: CreateWorkspace,
    ) -> Result<EntryCall, ClientError> {
        for (name, value) in body.secrets.iter().flatten() {
            self.org.journey.know_key(name, value);
        }
        let sent = self.request(Method::POST, "/workspaces".into(), CALL_BOUND);
        let on_wire = CreateWorkspace { name: self.name_on_wire(&body.name), ..body.clone() };
        let sent = sent.json(serde_json::to_value(&on_wire).unwrap_or_default());
        let answer = self.send_as_user(&sent).await?;
        self.org.learn_create_token(&answer.body);
        let keys = body.secrets.into_iter().flatten().map(|(name, _)| name).collect();
        let call = self.entry_call(EntryAnswer::of_route(&answer), entry, EntryStep::Make, member);
        Ok(self.noted(EntryCall { runtime: body.runtime, model: body.model, keys, ..call }))
    }

    /// `POST /org/import` of an org with one member.
    ///
    /// # Errors
    /// No answer.
    pub async fn import(
        &self,
        member: &str,
        runtime: Option<&str>,
        model: Option<&str>,
    ) -> Result<EntryCall, ClientError> {
        let mut workspace = json!({ "name": self.name_on_wire(member) });
        for (key, value) in [("runtime", runtime), ("model", model)] {
            if let Some(value) = value {
                workspace[key] = json!(value);
            }
        }
        let template =
            json!({ "name": self.name_on_wire(&format!("Import of {member}")), "workspaces": [workspace] });
        let sent = self.request(Method::POST, "/org/import".into(), CALL_BOUND);
        let answer = self.send_as_user(&sent.json(json!({ "template": template }))).await?;
        let call = self.entry_call(EntryAnswer::of_import(&answer), Entry::Import, EntryStep::Make, member);
        let (runtime, model) = (runtime.map(str::to_owned), model.map(str::to_owned));
        Ok(self.noted(EntryCall { runtime, model, ..call }))
    }

    /// `PUT /workspaces/:id/model`.
    ///
    /// # Errors
    /// No answer.
    pub async fn put_model(
        &self,
        entry: Entry,
        member: &str,
        workspace: &str,
        model: &str,
    ) -> Result<EntryCall, ClientError> {
        let sent = self.request(Method::PUT, format!("/workspaces/{workspace}/model"), CALL_BOUND);
        let answer = self.send_as_user(&sent.json(json!({ "model": model }))).await?;
        let call = self.entry_call(EntryAnswer::of_route(&answer), entry, EntryStep::PutModel, member);
        let workspace = Some(workspace.to_owned());
        Ok(self.noted(EntryCall { model: Some(model.to_owned()), workspace, ..call }))
    }

    /// `POST /workspaces/:id/restart`.
    ///
    /// # Errors
    /// No answer.
    pub async fn restart(
        &self,
        entry: Entry,
        member: &str,
        workspace: &str,
    ) -> Result<EntryCall, ClientError> {
        let sent = self.request(Method::POST, format!("/workspaces/{workspace}/restart"), CALL_BOUND);
        let answer = self.send_as_user(&sent.json(json!({}))).await?;
        let call = self.entry_call(EntryAnswer::of_route(&answer), entry, EntryStep::Restart, member);
        Ok(self.noted(EntryCall { workspace: Some(workspace.to_owned()), ..call }))
    }

    /// Writes a key: on the whole tenant with `POST /settings/secrets`, else on a workspace. A key for a payload goes
    /// with a create. The value becomes known as the tenant's own. Where a platform wants a person's approval of what an
    /// admin writes (202), it is written once more as the workspace itself, which needs none (tenant-api §2.1).
    ///
    /// # Errors
    /// No answer.
    pub async fn put_secret(
        &self,
        scope: KeyScope,
        workspace: Option<&str>,
        key: &str,
        value: &str,
    ) -> Result<SecretWritten, ClientError> {
        self.org.journey.know_key(key, value);
        let path = match (scope, workspace) {
            (KeyScope::Global, _) => "/settings/secrets".to_owned(),
            // Without a workspace the platform says what it misses.
            (KeyScope::Workspace | KeyScope::Payload, workspace) => {
                format!("/workspaces/{}/secrets", workspace.unwrap_or_default())
            }
        };
        let body = json!({ "key": key, "value": value });
        let sent = self.request(Method::POST, path.clone(), CALL_BOUND).json(body.clone());
        let mut status = self.send_as_user(&sent).await?.status;
        let workspace = workspace.filter(|_| scope != KeyScope::Global).map(str::to_owned);
        let own_token = workspace.as_deref().and_then(|id| self.org.create_token(id));
        if let (WAITS_FOR_APPROVAL, Some(token)) = (status, own_token) {
            let sent = self.request_as(&token, Method::POST, path, CALL_BOUND).json(body);
            status = self.send_as_user(&sent).await?.status;
        }
        let written = SecretWritten { scope, workspace, key: key.to_owned(), status };
        self.recorder().record(Fact::SecretWritten(written.clone()));
        Ok(written)
    }

    /// `PUT /admin/workspaces/:id/llm-billing-mode`; `None` clears it.
    ///
    /// # Errors
    /// No answer.
    pub async fn set_billing_mode(
        &self,
        workspace: &str,
        mode: Option<&str>,
    ) -> Result<BillingModeSet, ClientError> {
        let path = format!("/admin/workspaces/{workspace}/llm-billing-mode");
        let sent = self.request(Method::PUT, path, CALL_BOUND).json(json!({ "mode": mode }));
        let status = self.send_as_user(&sent).await?.status;
        let set = BillingModeSet { workspace: workspace.to_owned(), mode: mode.map(str::to_owned), status };
        self.recorder().record(Fact::BillingModeSet(set.clone()));
        Ok(set)
    }

    /// `GET /admin/llm/offered-models`. A platform without that route answers 404, and there is no list.
    ///
    /// # Errors
    /// No answer, or a 200 that is no list.
    pub async fn offered_models(&self, runtime: &str) -> Result<OfferedSeen, ClientError> {
        let path = format!("/admin/llm/offered-models{}", query("runtime", runtime));
        let sent = self.request(Method::GET, path, CALL_BOUND);
        let answer = self.send_as_user(&sent).await?;
        let models = if answer.status == 200 { sent.read::<Offered>(&answer)?.models } else { Vec::new() };
        let seen = OfferedSeen { runtime: runtime.to_owned(), status: answer.status, models };
        self.recorder().record(Fact::Offered(seen.clone()));
        Ok(seen)
    }

    /// An answer to an entry's call, not recorded yet.
    pub(super) fn entry_call(
        &self,
        answer: EntryAnswer,
        entry: Entry,
        step: EntryStep,
        member: &str,
    ) -> EntryCall {
        EntryCall {
            entry,
            step,
            member: member.to_owned(),
            runtime: None,
            model: None,
            keys: Vec::new(),
            workspace: answer.workspace,
            status: answer.status,
            code: answer.code,
            reason: answer.reason,
        }
    }

    /// Records it.
    pub(super) fn noted(&self, call: EntryCall) -> EntryCall {
        if let (Some(mark), EntryStep::Make, Some(workspace)) = (&self.mark, call.step, &call.workspace) {
            mark.made(workspace);
        }
        self.recorder().record(Fact::EntryCall(call.clone()));
        call
    }

    async fn send_as_user(&self, sent: &Outgoing) -> Result<Answer, ClientError> {
        let note = Note { recorder: self.recorder(), tenant: self.role, hop: Hop::UserToPlatform };
        sent.send_noted(&self.shared.client, &note).await.map(|answer| self.in_own_names(answer))
    }
}

/// The body of the list.
#[derive(Deserialize)]
struct Offered {
    models: Vec<OfferedModel>,
}

/// `?name=value`, escaped.
fn query(name: &str, value: &str) -> String {
    let mut url = Url::parse("http://localhost/").ok();
    if let Some(url) = &mut url {
        url.query_pairs_mut().append_pair(name, value);
    }
    url.as_ref().and_then(Url::query).map(|query| format!("?{query}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_can_hold_anything() {
        assert_eq!(query("runtime", "claude-code"), "?runtime=claude-code");
        assert_eq!(query("runtime", "a&b=c d"), "?runtime=a%26b%3Dc+d");
    }
}
