//! A tenant that already runs somewhere, with its own control plane, boxes and model proxy: a target. A run neither starts
//! nor surrounds it.
//!
//! Nothing is made on it but rows whose names carry the run's mark (`marks`). A target is looked at before a run: it must
//! be reachable, take the token, have a concierge, and look disposable. Rows that dead runs left are removed then, those
//! that this run leaves at its end; rows of others are never touched.

mod marks;
mod target;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use journal::Redactor;
use wire::{Workspace, WorkspaceKind};

use crate::file::{DEFAULT_PREFIX, RemoteSource};
use crate::running::{AdoptedTenant, Refused};
use crate::text::Values;
pub(crate) use marks::is_prefix;
use marks::{Owner, RunMark};
use target::Target;

/// A shorter token could stand in any text by chance, so that it can't be kept out of the records.
const MIN_TOKEN_BYTES: usize = 8;

/// The pause before the look that must find nothing.
const SECOND_LOOK_AFTER: Duration = Duration::from_millis(300);

/// So many names of others' rows are told.
const NAMES_TOLD: usize = 5;

const DISPOSABLE_HINT: &str =
    "`disposable: true` in the stack file says that others' rows are fine; they are never touched";

/// A target that was found fit to be played on.
pub(crate) struct Remote {
    target: Target,
    mark: RunMark,
    concierge: String,
    journeys: AtomicU32,
    secrets: Redactor,
}

/// How a target is looked at.
pub(crate) struct Look<'a> {
    /// The path that answers 200.
    pub(crate) ready_path: &'a str,
    /// The bound on one call.
    pub(crate) within: Duration,
}

impl Remote {
    /// Looks at the target, and removes what dead runs left there; answers how many rows these were.
    pub(crate) async fn prepare(
        source: &RemoteSource,
        values: &Values,
        look: Look<'_>,
    ) -> Result<(Self, usize), Refused> {
        let admin_token = values.fill(&source.admin_token);
        let mut secrets = Redactor::default();
        secrets.learn("ADMIN_TOKEN", &admin_token);
        let prepared = Self::look(source, values, admin_token, look, &secrets).await;
        prepared.map_err(|mut refused| {
            secrets.redact_text(&mut refused.why);
            refused
        })
    }

    async fn look(
        source: &RemoteSource,
        values: &Values,
        admin_token: String,
        look: Look<'_>,
        secrets: &Redactor,
    ) -> Result<(Self, usize), Refused> {
        let url = values.fill(&source.url);
        check_address(&url)?;
        if admin_token.len() < MIN_TOKEN_BYTES {
            let why = format!("the token has fewer than {MIN_TOKEN_BYTES} bytes");
            return Err(Refused::new(why, "a shorter one can't be kept out of the records"));
        }
        let target = Target::new(url.clone(), values.fill(&source.org_id), admin_token, look.within)?;
        let unfit = |why: String| format!("the target {url} can't be played on: {why}");
        target.health(look.ready_path).await.map_err(unfit)?;
        let rows = target.rows().await.map_err(|why| {
            Refused::new(unfit(why), "the token must be its admin's, the id that of its org, byte for byte")
        })?;
        let concierge = concierge(&rows).map_err(unfit)?;
        let mark = RunMark::of_this_run(source.prefix.as_deref().unwrap_or(DEFAULT_PREFIX));
        let others = rows_of(&rows, &mark, Owner::Others);
        // Before anything is removed: what does not look disposable is left as it is.
        if !others.is_empty() && !source.disposable {
            return Err(Refused::new(unfit(not_disposable(&others)), DISPOSABLE_HINT));
        }
        let left = rows_of(&rows, &mark, Owner::DeadRun);
        for row in &left {
            let failed = |why| unfit(format!("remove `{}`, which a dead run left: {why}", row.name));
            target.delete(row).await.map_err(failed)?;
        }
        let swept = left.len();
        let (journeys, secrets) = (AtomicU32::new(0), secrets.clone());
        Ok((Self { target, mark, concierge, journeys, secrets }, swept))
    }

    /// Its base URL.
    pub(crate) fn url(&self) -> String {
        self.target.url.clone()
    }

    /// The target for one more journey, with a mark of its own.
    pub(crate) fn adopt(&self) -> AdoptedTenant {
        let number = self.journeys.fetch_add(1, Ordering::Relaxed) + 1;
        AdoptedTenant {
            url: self.target.url.clone(),
            org_id: self.target.org_id.clone(),
            admin_token: self.target.admin_token.clone(),
            concierge: self.concierge.clone(),
            mark: self.mark.of_journey(number),
        }
    }

    /// Removes what journeys of this run left, such as those that were cut off; answers how many rows these were, once
    /// a second look has found none.
    pub(crate) async fn clear(&self) -> Result<usize, String> {
        self.removed().await.map_err(|mut why| {
            self.secrets.redact_text(&mut why);
            format!("remove what the run made on {}: {why}", self.target.url)
        })
    }

    async fn removed(&self) -> Result<usize, String> {
        let left = self.own_rows().await?;
        for row in &left {
            self.target.delete(row).await?;
        }
        // A create that was under way when its journey was cut off may come to an end a little later.
        tokio::time::sleep(SECOND_LOOK_AFTER).await;
        match self.own_rows().await?.as_slice() {
            [] => Ok(left.len()),
            rows => Err(format!("these rows are still there: {}", told(&rows.iter().collect::<Vec<_>>()))),
        }
    }

    async fn own_rows(&self) -> Result<Vec<Workspace>, String> {
        let rows = self.target.rows().await?;
        Ok(rows_of(&rows, &self.mark, Owner::Us).into_iter().cloned().collect())
    }
}

/// A client of ours speaks plain HTTP, and what stands in an address is told in errors and records.
fn check_address(url: &str) -> Result<(), Refused> {
    let parsed = url::Url::parse(url);
    let parsed = parsed.map_err(|error| {
        Refused::new(format!("the target's url is none: {error}"), "write http://HOST:PORT")
    })?;
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(Refused::new("the target's url holds credentials".to_owned(), "leave them out"));
    }
    if parsed.scheme() != "http" {
        let why = format!("the target's url begins with {}, and only plain http is spoken", parsed.scheme());
        return Err(Refused::new(
            why,
            "forward the target to a plain address of this machine, and name that",
        ));
    }
    Ok(())
}

/// The rows of one owner, but for the concierge, which is nobody's to remove.
fn rows_of<'a>(rows: &'a [Workspace], mark: &RunMark, owner: Owner) -> Vec<&'a Workspace> {
    rows.iter().filter(|row| is_member(row) && mark.owner(&row.name) == owner).collect()
}

fn is_member(row: &Workspace) -> bool {
    row.kind == WorkspaceKind::Workspace
}

fn concierge(rows: &[Workspace]) -> Result<String, String> {
    let found = rows.iter().find(|row| row.kind == WorkspaceKind::Platform);
    found.map(|row| row.id.clone()).ok_or_else(|| "it has no concierge".to_owned())
}

fn not_disposable(others: &[&Workspace]) -> String {
    let rows = if others.len() == 1 { "1 row".to_owned() } else { format!("{} rows", others.len()) };
    format!("it does not look disposable: it holds {rows} that no run made: {}", told(others))
}

fn told(rows: &[&Workspace]) -> String {
    let mut names: Vec<String> =
        rows.iter().take(NAMES_TOLD).map(|row| format!("`{}`", row.name.escape_debug())).collect();
    if rows.len() > NAMES_TOLD {
        names.push(format!("{} more", rows.len() - NAMES_TOLD));
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_can_t_be_used_or_told_is_refused_with_a_hint() {
        for (url, says) in [
            ("tenant.example", "the target's url is none"),
            ("https://tenant.example", "only plain http is spoken"),
            ("http://user@tenant.example", "holds credentials"),
            ("http://user:secret@tenant.example", "holds credentials"),
        ] {
            let refused = check_address(url).err().unwrap();
            assert!(refused.why.contains(says) && refused.hint.is_some(), "{url}: {}", refused.why);
            assert!(!refused.why.contains("secret"));
        }
        assert!(check_address("http://127.0.0.1:8080/").is_ok());
    }

    #[test]
    fn only_the_first_names_of_others_rows_are_told() {
        let row = |name: String| -> Workspace {
            serde_json::from_value(serde_json::json!({ "id": "x", "name": name, "status": "online" }))
                .unwrap()
        };
        let rows: Vec<Workspace> = (1..=7).map(|number| row(format!("row {number}"))).collect();
        let told = not_disposable(&rows.iter().collect::<Vec<_>>());
        assert!(
            told.ends_with("7 rows that no run made: `row 1`, `row 2`, `row 3`, `row 4`, `row 5`, 2 more"),
            "{told}"
        );
    }
}
