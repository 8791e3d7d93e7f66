//! Large buffers go back to the system when they are freed.
//!
//! glibc raises the size from which it maps a buffer alone with every such buffer that is freed, up to 32 MB, and keeps
//! what smaller ones leave behind, in an arena for each thread: after ten minutes of random input the window held 120 to
//! 230 MB more than when it was fresh (`tests/e2e/monkey.py --measure`, ten seeds). With a fixed size of 1 MiB and two
//! arenas it gives most of that back; at 256 KiB the buffers of a frame are mapped too, and frames are slower. The
//! settings are read from the environment before a program begins (mallopt(3)), so the window begins once more.

#[cfg(target_os = "linux")]
const SETTINGS: [(&str, &str); 2] = [("MALLOC_ARENA_MAX", "2"), ("MALLOC_MMAP_THRESHOLD_", "1048576")];

/// Begins the program again with the settings, in the same process; returns where they are there already, where the user
/// has others, and where it cannot be done.
#[cfg(target_os = "linux")]
pub fn restart_with_settings() {
    use std::env;
    use std::os::unix::process::CommandExt as _;
    use std::process::Command;

    if SETTINGS.iter().any(|(name, _)| env::var_os(name).is_some()) {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let mut arguments = env::args_os();
    let mut again = Command::new(program);
    again.envs(SETTINGS);
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    // Comes back only when it failed, and then the program goes on as it is.
    let _ = again.args(arguments).exec();
}

#[cfg(not(target_os = "linux"))]
pub fn restart_with_settings() {}
