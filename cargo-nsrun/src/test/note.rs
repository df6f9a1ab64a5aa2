//! The ELF note (elf(5)) by which a test binary says that `nsrun` is linked into it.

use std::fs::File;
use std::path::Path;

use object::elf::{FileHeader32, FileHeader64};
use object::read::elf::{FileHeader, ProgramHeader};
use object::{Endianness, FileKind, ReadCache};

/// The version of the protocol that the binary speaks; `None` if nsrun is not linked in. What may
/// only be executed, and not read, is run as if it were not.
pub(super) fn version(executable: &Path) -> Option<u32> {
    let data = ReadCache::new(File::open(executable).ok()?);
    match FileKind::parse(&data).ok()? {
        FileKind::Elf32 => noted::<FileHeader32<Endianness>>(&data),
        FileKind::Elf64 => noted::<FileHeader64<Endianness>>(&data),
        _ => None,
    }
}

/// Looks at the notes that are loaded, and at nothing else: the table of symbols of a large binary is
/// many megabytes.
fn noted<Elf: FileHeader<Endian = Endianness>>(data: &ReadCache<File>) -> Option<u32> {
    let header = Elf::parse(data).ok()?;
    let endian = header.endian().ok()?;
    for segment in header.program_headers(endian, data).ok()? {
        let Ok(Some(mut notes)) = segment.notes(endian, data) else {
            continue;
        };
        while let Ok(Some(note)) = notes.next() {
            if note.name() == b"nsrun" {
                return Some(u32::from_ne_bytes(note.desc().try_into().ok()?));
            }
        }
    }
    None
}
