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
mod fit;
mod limits;
mod promise;
mod promises;
mod registry;
mod tool_text;
mod values;

pub use builtin::{BUILTIN_CONTRACTS, BUILTIN_REGISTRIES, LoadError, load_contract, load_registry};
pub use defect::{Defect, DefectId, DefectSet, UnknownDefect};
pub use entry::{Entry, PerEntry};
pub use fit::registry_fits;
pub use limits::{Lack, StackLimits};
pub use promise::Promise;
pub use promises::{
    ConciergePromise, Contract, KnownRuntimes, RefusalPromise, Refusals, Routes, RuntimeNames, Tiers, Timers,
    ToolText,
};
pub use registry::{Arm, BaseUrl, Billing, PLATFORM_PROVIDER, Provider, ProviderWire, Registry, Runtime};
pub use tool_text::{platform_ids_named, rules_stated};
pub use values::{
    AdminSecretWrites, Attribution, BadParent, BillingModeRoute, BootAdminToken, BootstrapRace, ByokWiring,
    ConciergeModel, ConciergeOnline, CreateToken, DefaultModelVariable, FailurePayer, KeyTest,
    KeylessVendorId, LoopbackAddresses, MalformedId, MissingModel, PayerRule, PayloadKey, RootParent, Rule,
    Signal, StoredId, Surface, UnregisteredId, Word,
};
