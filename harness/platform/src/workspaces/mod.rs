//! The routes of workspace rows (tenant-api §2.2 to §2.9).
//!
//! `create`, `import` and `model` are where a model id comes in; `admission` is the one place that says which id is
//! stored, which is refused and which default stands in for none. A created or restarted row is handed to `provision`.

pub(crate) mod about;
mod admission;
pub(crate) mod billing_mode;
pub(crate) mod concierge;
pub(crate) mod create;
mod create_body;
pub(crate) mod delete;
pub(crate) mod events;
mod external;
pub(crate) mod fields;
pub(crate) mod import;
mod member;
pub(crate) mod model;
pub(crate) mod offered;
pub(crate) mod org_tokens;
pub(crate) mod peers;
pub(crate) mod read;
pub(crate) mod restart;
pub(crate) mod secrets;
pub(crate) mod settings;
pub(crate) mod stream;
mod view;
