//! The running servers of a stack, by the org that each serves.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) struct Fleet<S>(Mutex<HashMap<String, S>>);

impl<S> Fleet<S> {
    /// One more; answers the one that served the org before.
    pub(crate) fn add(&self, org_id: &str, server: S) -> Option<S> {
        self.servers().insert(org_id.to_owned(), server)
    }

    /// Takes an org's server out.
    pub(crate) fn take(&self, org_id: &str) -> Option<S> {
        self.servers().remove(org_id)
    }

    /// Takes all of them out.
    pub(crate) fn take_all(&self) -> Vec<S> {
        self.servers().drain().map(|(_, server)| server).collect()
    }

    /// Looks at an org's server. Nobody else can meanwhile.
    pub(crate) fn look<T>(&self, org_id: &str, look: impl FnOnce(&S) -> T) -> Option<T> {
        self.servers().get(org_id).map(look)
    }

    /// The map is whole whatever thread panicked.
    fn servers(&self) -> MutexGuard<'_, HashMap<String, S>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> Default for Fleet<S> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_there_until_it_is_taken() {
        let fleet = Fleet::default();
        assert_eq!(fleet.add("a", 1), None);
        assert_eq!(fleet.add("a", 2), Some(1));
        fleet.add("b", 3);
        assert_eq!(fleet.look("a", |server| server + 10), Some(12));
        assert_eq!((fleet.take("a"), fleet.take("a")), (Some(2), None));
        assert_eq!(fleet.take_all(), [3]);
        assert_eq!(fleet.look("b", |server| *server), None);
    }
}
