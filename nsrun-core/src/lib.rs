//! draft
mod kind;
mod spec;
pub use kind::{Kind, Kinds, UnknownKind};
pub use spec::{Clocks, Identity, Spec};
