//! What is tried in a process of its own, whose limits and rights it may change.

use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `child` in a process of its own, and gives what it returned. An `Err` says how the process ended otherwise.
pub(crate) fn forked(child: impl FnOnce() -> String) -> Result<String, String> {
    let (mut reader, mut writer) = std::io::pipe().expect("a pipe");
    // SAFETY: of this process's threads the child has the one that forks, and it takes no lock that another one may hold:
    // glibc's allocator can be used after a fork. The child never returns from here.
    unsafe {
        let process = libc::fork();
        assert_ne!(process, -1, "no process");
        if process == 0 {
            libc::alarm(120);
            let written = catch_unwind(AssertUnwindSafe(child)).map(|said| writer.write_all(said.as_bytes()));
            libc::_exit(if matches!(written, Ok(Ok(()))) { 0 } else { 1 });
        }
        drop(writer);
        let mut said = String::new();
        reader.read_to_string(&mut said).expect("UTF-8");
        let mut status = 0;
        assert_eq!(libc::waitpid(process, &mut status, 0), process);
        if status == 0 { Ok(said) } else { Err(format!("wait status {status}, after {said:?}")) }
    }
}
