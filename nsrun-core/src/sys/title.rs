//! What ps(1) shows of a process: the arguments in `/proc/PID/cmdline`.

use std::ffi::CString;
use std::fs;
use std::mem::size_of;
use std::sync::OnceLock;

use nix::errno::Errno;

/// `struct prctl_mm_map` of linux/prctl.h.
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Map {
    start_code: u64,
    end_code: u64,
    start_data: u64,
    end_data: u64,
    start_brk: u64,
    brk: u64,
    start_stack: u64,
    arg_start: u64,
    arg_end: u64,
    env_start: u64,
    env_end: u64,
    auxv: u64,
    auxv_size: u32,
    exe_fd: u32,
}

/// How this process lies in memory, `None` if that cannot be told; its forks lie the same way.
static LAYOUT: OnceLock<Option<Map>> = OnceLock::new();

/// Looks how this process lies in memory, so that no fork has to.
pub(crate) fn remember_layout() {
    LAYOUT.get_or_init(Map::of_this_process);
}

/// Has the kernel show these arguments instead of those that the process was started with
/// (PR_SET_MM_MAP of prctl(2)). They are never freed.
///
/// # Errors
/// EINVAL where the kernel was built without CONFIG_CHECKPOINT_RESTORE, which costs nothing but
/// the title.
pub(crate) fn show_arguments(arguments: &[CString]) -> Result<(), Errno> {
    let mut shown = Vec::new();
    for argument in arguments {
        shown.extend_from_slice(argument.to_bytes_with_nul());
    }
    let layout = LAYOUT.get_or_init(Map::of_this_process);
    let mut map = layout.ok_or(Errno::EINVAL)?;
    let range = shown.leak().as_ptr_range();
    map.arg_start = range.start as u64;
    map.arg_end = range.end as u64;
    map.set()
}

impl Map {
    /// The fields of `/proc/self/stat` (proc_pid_stat(5)), which has them behind the name.
    fn of_this_process() -> Option<Map> {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        let (_, fields) = stat.rsplit_once(") ")?;
        let fields: Vec<&str> = fields.split(' ').collect();
        // The first one there has the number 3.
        let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
        Some(Map {
            start_code: field(26)?,
            end_code: field(27)?,
            start_stack: field(28)?,
            start_data: field(45)?,
            end_data: field(46)?,
            start_brk: field(47)?,
            env_start: field(50)?,
            env_end: field(51)?,
            exe_fd: u32::MAX,
            ..Map::default()
        })
    }

    /// The process must have one thread, so that the end of the heap stays where it is.
    fn set(mut self) -> Result<(), Errno> {
        // SAFETY: asked for no more room, it returns where the heap ends.
        self.brk = unsafe { libc::sbrk(0) } as u64;
        let (map, size) = (&raw const self, size_of::<Map>());
        let option = libc::PR_SET_MM_MAP as libc::c_ulong;
        // SAFETY: the structure is of that size and lives for the call. All of it is as the kernel
        // has it, but for the arguments, which it only reads, and only for who asks.
        let done = unsafe { libc::prctl(libc::PR_SET_MM, option, map, size, 0) };
        Errno::result(done).map(drop)
    }
}
