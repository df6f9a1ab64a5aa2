//! The ELF note (elf(5)) by which a test binary says that `nsrun` is linked into it.

use std::path::Path;

use object::{Object, ObjectSection};

/// The version of the protocol that the binary speaks; `None` if nsrun is not linked in. What may
/// only be executed, and not read, is run as if it were not.
pub(super) fn version(executable: &Path) -> Option<u32> {
    let file = std::fs::File::open(executable).ok()?;
    let cache = object::ReadCache::new(file);
    let elf = object::File::parse(&cache).ok()?;
    let note = elf.section_by_name(".note.nsrun")?;
    // It is the whole description of the note, which is behind its name.
    let version = note.data().ok()?.last_chunk::<4>()?;
    Some(u32::from_ne_bytes(*version))
}
