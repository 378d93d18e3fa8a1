//! What a real server of the platform asks of its surroundings before it serves (tenant-api §1.1, §1.5 A), asked by the
//! reference platform when it stands in for one: exactly the recipe's variables, a Postgres database that takes its
//! migrations for the first time, a Redis, and the migrations below its working directory.
//!
//! It is how a stack file is shown to be right without the real server (`firstrun platform --demand-recipe`). The
//! reference platform keeps its rows where it always does: what is shown here is that both services can be reached and
//! used with what the stack told.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_postgres::{Client, NoTls};
use url::Url;
use wire::env;

/// What a server can't do without.
const DEMANDED: [&str; 14] = [
    "DATABASE_URL",
    "REDIS_URL",
    env::PORT,
    env::PLATFORM_URL,
    env::ADMIN_TOKEN,
    env::CP_PROVISION_URL,
    env::LLM_BASE_URL,
    env::LLM_ANTHROPIC_BASE_URL,
    env::LLM_USAGE_TOKEN,
    env::LLM_USAGE_URL,
    env::MOLECULE_ENV,
    "WORKSPACE_MANIFEST_PATH",
    "MOLECULE_DECLARE_SCHEDULER_PLUGIN",
    "MEMORY_PLUGIN_DISABLE",
];

/// What a tenant of a control plane has beside it.
const MANAGED: [&str; 2] = [env::ORG_ID, env::CP_URL];

/// What a server may be told beside it: settings of some eras, the seed of a self-hosted concierge, the factor of the
/// reference platform's clocks, the mark of the run, and what a shell adds by itself.
const ALLOWED: [&str; 9] = [
    env::DEFAULT_MODEL,
    env::BILLING_MODE,
    "MOLECULE_SEED_PLATFORM_AGENT",
    "FIRSTRUN_TIME_SCALE",
    "FIRSTRUN_OWNER",
    "PWD",
    "OLDPWD",
    "SHLVL",
    "_",
];

/// The bound on each service.
const WITHIN: Duration = Duration::from_secs(5);

/// A longer answer of a Redis is none to a ping.
const MAX_ANSWER_BYTES: u64 = 4096;

/// Where migrations are looked for (tenant-api §1.1).
const MIGRATIONS: [&str; 4] = ["migrations", "platform/migrations", "../migrations", "../../migrations"];

/// Demands all of it, and answers how many migrations were applied.
///
/// # Errors
/// The first thing that is missing, too much, or out of reach.
pub(crate) async fn demand(environment: &BTreeMap<String, String>, folder: &Path) -> Result<usize, String> {
    demand_variables(environment)?;
    let migrations = migrations(folder)?;
    let [database, redis] =
        ["DATABASE_URL", "REDIS_URL"].map(|name| environment.get(name).map_or("", String::as_str));
    let applied = bounded("postgres", apply(database, &migrations)).await?;
    bounded("redis", ping(redis)).await?;
    Ok(applied)
}

fn demand_variables(environment: &BTreeMap<String, String>) -> Result<(), String> {
    // An org makes a tenant a managed one. A server that hosts itself has no proxy to be told of either.
    let is_managed = environment.contains_key(env::ORG_ID);
    let demanded = DEMANDED.iter().chain(if is_managed { MANAGED.iter() } else { [].iter() });
    let is_set = |name: &&&str| environment.get(**name).is_some_and(|value| !value.is_empty());
    let is_llm = |name: &&&str| name.starts_with("MOLECULE_LLM_");
    let missing: Vec<&str> =
        demanded.filter(|name| !(is_set(name) || !is_managed && is_llm(name))).copied().collect();
    if !missing.is_empty() {
        return Err(format!("the recipe asks for {}", missing.join(", ")));
    }
    let known = |name: &&str| DEMANDED.contains(name) || MANAGED.contains(name) || ALLOWED.contains(name);
    let strange: Vec<&str> = environment.keys().map(String::as_str).filter(|name| !known(name)).collect();
    if strange.is_empty() { Ok(()) } else { Err(format!("the recipe knows no {}", strange.join(", "))) }
}

/// The files that build the store up, in their order (tenant-api §1.1).
fn migrations(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let found = MIGRATIONS.iter().map(|path| folder.join(path)).find(|path| path.is_dir());
    let found = found.ok_or_else(|| format!("no migrations below {}", folder.display()))?;
    let entries = std::fs::read_dir(&found).map_err(|error| format!("read {}: {error}", found.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    let name =
        |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    files.retain(|path| name(path).ends_with(".sql") && !name(path).ends_with(".down.sql"));
    files.sort();
    if files.is_empty() { Err(format!("no migration in {}", found.display())) } else { Ok(files) }
}

async fn apply(url: &str, migrations: &[PathBuf]) -> Result<usize, String> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.map_err(|error| in_words(&error))?;
    let reading = tokio::spawn(connection);
    let applied = apply_with(&client, migrations).await;
    drop(client);
    reading.abort();
    applied
}

async fn apply_with(client: &Client, migrations: &[PathBuf]) -> Result<usize, String> {
    let said = |error: tokio_postgres::Error| in_words(&error);
    let table = "CREATE TABLE IF NOT EXISTS schema_migrations (filename TEXT PRIMARY KEY)";
    client.batch_execute(table).await.map_err(said)?;
    let mut applied = 0;
    for path in migrations {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let asked = client.query("SELECT 1 FROM schema_migrations WHERE filename = $1", &[&name]).await;
        // A real server would go on: here it shows that two tenants were given one database.
        if !asked.map_err(said)?.is_empty() {
            return Err(format!("this is no fresh tenant's database: {name} was applied to it before"));
        }
        let text = std::fs::read_to_string(path).map_err(|error| format!("read {name}: {error}"))?;
        client.batch_execute(&text).await.map_err(|error| format!("{name}: {}", in_words(&error)))?;
        let noted = client.execute("INSERT INTO schema_migrations VALUES ($1)", &[&name]).await;
        noted.map_err(said)?;
        applied += 1;
    }
    Ok(applied)
}

async fn ping(url: &str) -> Result<(), String> {
    let url = Url::parse(url).map_err(|error| error.to_string())?;
    let place = (url.host_str().unwrap_or("localhost"), url.port().unwrap_or(6379));
    let number = url.path().trim_start_matches('/');
    let said = |error: std::io::Error| error.to_string();
    let mut stream = BufReader::new(TcpStream::connect(place).await.map_err(said)?);
    let secret = url.password().map(|password| format!("AUTH default {password}")).unwrap_or_default();
    let select = if number.is_empty() { String::new() } else { format!("SELECT {number}") };
    for command in [secret.as_str(), &select, "PING"].into_iter().filter(|command| !command.is_empty()) {
        stream.write_all(format!("{command}\r\n").as_bytes()).await.map_err(said)?;
        let mut answer = String::new();
        (&mut stream).take(MAX_ANSWER_BYTES).read_line(&mut answer).await.map_err(said)?;
        if !answer.starts_with('+') {
            return Err(format!("it answered {}", answer.trim()));
        }
    }
    Ok(())
}

async fn bounded<T>(what: &str, act: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let done = tokio::time::timeout(WITHIN, act).await.map_err(|_| format!("reach {what}: no answer"))?;
    done.map_err(|why| format!("reach {what}: {why}"))
}

fn in_words(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), std::error::Error::source(error)) {
        (Some(said), _) => said.message().to_owned(),
        (None, Some(cause)) => cause.to_string(),
        (None, None) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe() -> BTreeMap<String, String> {
        DEMANDED.iter().chain(&MANAGED).map(|name| ((*name).to_owned(), "x".to_owned())).collect()
    }

    #[test]
    fn exactly_the_recipe_is_taken() {
        demand_variables(&recipe()).unwrap();
        for name in DEMANDED.iter().chain([&env::CP_URL]) {
            let mut lacking = recipe();
            lacking.remove(*name);
            assert_eq!(demand_variables(&lacking), Err(format!("the recipe asks for {name}")));
        }
        let mut strange = recipe();
        strange.insert("OPENAI_API_KEY".into(), "leaked".into());
        assert_eq!(demand_variables(&strange), Err("the recipe knows no OPENAI_API_KEY".into()));
    }

    #[test]
    fn a_server_that_hosts_itself_needs_no_proxy() {
        let mut own = recipe();
        own.retain(|name, _| !MANAGED.contains(&name.as_str()) && !name.starts_with("MOLECULE_LLM_"));
        demand_variables(&own).unwrap();
    }

    #[test]
    fn migrations_are_found_in_their_order_and_none_is_an_error() {
        let place = tempfile::tempdir().unwrap();
        assert!(migrations(place.path()).unwrap_err().contains("no migrations below"));
        let folder = place.path().join("platform/migrations");
        std::fs::create_dir_all(&folder).unwrap();
        assert!(migrations(place.path()).unwrap_err().contains("no migration in"));
        for name in ["002_b.up.sql", "001_a.sql", "002_b.down.sql", "notes.md"] {
            std::fs::write(folder.join(name), "").unwrap();
        }
        let found = migrations(place.path()).unwrap();
        let names: Vec<_> = found.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["001_a.sql", "002_b.up.sql"]);
    }
}
