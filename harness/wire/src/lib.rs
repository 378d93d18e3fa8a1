//! What goes over the platform's wire, as types: bodies, codes, statuses, event names, header and variable names.
//!
//! The platform produces and reads these, and so does the world around it; the journal and the judge name them.
//! Nothing here decides anything: a rule about a body belongs to the platform or to the oracle.
//!
//! To add a route: put its body beside its kin (`workspace`, `control_plane`, `register`, `message`), with the
//! section of the tenant API that it comes from, and a test that the recorded shape reads and writes back.

mod code;
mod control_plane;
mod event;
mod message;
mod model_wire;
mod names;
mod register;
mod status;
mod workspace;

pub use code::Code;
pub use control_plane::{
    ConsoleAnswer, CreateOrg, CreatedOrg, EnsureImage, OrgList, OrgState, OrgToken, ProvisionAnswer,
    ProvisionRequest, StatusAnswer,
};
pub use event::{EventName, StoredEvent};
pub use message::{Message, Part, Reply, ReplyBody, SendMessage, SendParams, reply_text};
pub use model_wire::ModelWire;
pub use names::{env, header};
pub use register::{Heartbeat, Register, Registered};
pub use status::Status;
pub use workspace::{
    CreateWorkspace, Created, Deleted, InstallConcierge, Refusal, Restarted, StoredModel, Workspace,
    WorkspaceKind,
};
