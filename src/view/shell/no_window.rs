//! Why no window opens, in a line for people, and what can be had without one.

/// What the window system's libraries come in, on Debian.
const RUNTIME_LIBRARIES: &str = "libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0 libgl1";

/// The line for a cause.
pub fn explained(cause: &str) -> String {
    format!(
        "no window can be opened: {cause}; without one, 'quantscope demo -o FOLDER' writes what the samples come to, and \
         'quantscope image' and 'quantscope weights' do the same for files of yours"
    )
}

/// The cause where the environment names no display; `variable` looks one up.
pub fn no_display(variable: impl Fn(&str) -> Option<std::ffi::OsString>) -> Option<String> {
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let named = ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].into_iter().any(is_set);
    (!named).then(|| "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)".to_owned())
}

/// The cause in what a window system's code says of a failure: a library that is missing, or else its own words
/// without the place in that code.
pub fn cause_of(words: &str, details: &str) -> String {
    match missing_library(details).or_else(|| missing_library(words)) {
        Some(library) => {
            format!("the library {library} cannot be loaded (on Debian: apt-get install {RUNTIME_LIBRARIES})")
        }
        None if details.contains("NoGlutinConfigs") => {
            format!("OpenGL cannot be used (on Debian: apt-get install {RUNTIME_LIBRARIES})")
        }
        None => without_place(words).to_owned(),
    }
}

/// The first word that is a shared library's name.
fn missing_library(text: &str) -> Option<&str> {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && !"._+-".contains(c));
    words.find(|word| word.starts_with("lib") && word.contains(".so")).map(|word| word.trim_end_matches('.'))
}

/// "os error at FILE.rs:LINE: words" → "words": a place in a library's source says nothing to people.
fn without_place(text: &str) -> &str {
    let after = text.rsplit_once(".rs:").and_then(|(_, rest)| rest.split_once(": "));
    after.map_or(text, |(_, words)| words).trim().trim_end_matches('.')
}
