//! OpenAI responses, as the proxy reads and answers them. Errors have the shape of the vendor's other wire.

mod read;
mod render;

pub(crate) use read::read;
pub(crate) use render::render;
