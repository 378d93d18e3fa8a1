//! What a platform needs beside it: Postgres and Redis, running already or started by us.
//!
//! A tenant gets a database of its own, which is dropped with it, and a Redis number of its own where the server is ours.
//! The stack starts the services before its first tenant and stops them after the last; their addresses go into the
//! server's environment as `$postgres_url` and `$redis_url`.
//!
//! To add a service: a file with its way to start, open and close, a field of [`ServiceSources`], its names in `text`.

mod installed;
mod own;
mod postgres;
mod redis;

use std::time::Duration;

use crate::file::ServiceSources;
use crate::network::Network;
use crate::text::Values;

pub(crate) use installed::program;
use postgres::Postgres;
use redis::Redis;

/// The services of a stack.
pub(crate) struct Services {
    postgres: Option<Postgres>,
    redis: Option<Redis>,
}

impl Services {
    /// Starts or finds what a stack asks for. Where one of them fails, the others are killed.
    pub(crate) async fn start(
        sources: &ServiceSources,
        values: &Values,
        (network, within): (Option<&Network>, Duration),
    ) -> Result<Self, String> {
        let postgres = async {
            match &sources.postgres {
                Some(source) => Postgres::start(source, values, (network, within)).await.map(Some),
                None => Ok(None),
            }
        };
        let redis = async {
            match &sources.redis {
                Some(source) => Redis::start(source, values, (network, within)).await.map(Some),
                None => Ok(None),
            }
        };
        let (postgres, redis) = tokio::try_join!(postgres, redis)?;
        Ok(Self { postgres, redis })
    }

    /// What a tenant is given of each, by the names of a stack file's texts.
    pub(crate) async fn open(&self, org_id: &str) -> Result<Vec<(String, String)>, String> {
        let mut urls = Vec::new();
        if let Some(postgres) = &self.postgres {
            urls.push(("postgres_url".to_owned(), postgres.open(org_id).await?));
        }
        if let Some(redis) = &self.redis {
            urls.push(("redis_url".to_owned(), redis.open(org_id)));
        }
        Ok(urls)
    }

    /// Takes back what a tenant was given, when its server is gone.
    pub(crate) async fn close(&self, org_id: &str) {
        if let Some(postgres) = &self.postgres {
            postgres.close(org_id).await;
        }
        if let Some(redis) = &self.redis {
            redis.close(org_id).await;
        }
    }

    /// Takes back what is left, and stops what was started.
    pub(crate) async fn stop(&self) {
        if let Some(postgres) = &self.postgres {
            postgres.stop().await;
        }
        if let Some(redis) = &self.redis {
            redis.stop().await;
        }
    }
}
