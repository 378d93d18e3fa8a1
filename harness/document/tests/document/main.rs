//! A document from outside: what the strict reader refuses, what it understands, what decoding says.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that panics has failed")]

mod decode;
mod mutation;
mod strict;
mod tree;
