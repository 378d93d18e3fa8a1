//! Promises and registries as data: what a platform promises, and which model ids belong to whom.
//!
//! The texts are files under `fixtures/contracts` and `fixtures/registry`, compiled in; a team writes its own next
//! to them. The platform obeys a contract, the oracle predicts from it, the judge holds the platform to it. Nothing
//! here resolves an id: the oracle does, and the platform does it again by itself.
//!
//! To add a promise: a field of [`Contract`], its line in every file of `fixtures/contracts`, the platform's
//! obedience and the oracle's or judge's reading of it, all in one change. To add a defect: a row in `defect`.

mod builtin;
mod check;
mod defect;
mod entry;
mod promises;
mod registry;

pub use builtin::{BUILTIN_CONTRACTS, BUILTIN_REGISTRIES, LoadError, load_contract, load_registry};
pub use defect::{Defect, DefectId, DefectSet, Seam, UnknownDefect};
pub use entry::{Entry, PerEntry};
pub use promises::{
    ConciergePromise, Contract, FailurePromise, KeylessVendorId, MissingModel, PayloadKey, RootParent,
    Surface, Timers, ToolText, UnregisteredId, Word,
};
pub use registry::{Arm, BaseUrl, Billing, PLATFORM_PROVIDER, Provider, ProviderWire, Registry, Runtime};
