//! Locks that a panic elsewhere does not take down.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Takes the lock. A poisoned one only means that another thread panicked: each change under our locks is one step,
/// so what they guard is whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
