//! What is found under a model's or a photo's name when a download went wrong: a pointer of Git LFS, a web page, a
//! server's message. Only the beginning of the file is looked at.

use serde_json::Value;

/// Bytes that are looked at; messages of servers are shorter.
const LOOKED_AT: usize = 1 << 16;
/// Characters of a server's message that are repeated.
const SHOWN: usize = 160;

/// What a text is that stands where a model or a photo should be, in a sentence for people; none for anything else.
pub fn what_it_is(bytes: &[u8]) -> Option<String> {
    let text = text_of(bytes)?;
    let lower = text.get(..text.len().min(512)).unwrap_or(text).to_ascii_lowercase();
    let starts = |what: &str| lower.starts_with(what);
    match () {
        _ if starts("version https://git-lfs.github.com/spec/")
            || starts("version https://hawser.github.com/spec/") =>
        {
            Some("a Git LFS pointer, not the file itself: run 'git lfs pull' in its folder".to_owned())
        }
        _ if starts("<!doctype html") || starts("<html") || starts("<head") => {
            Some("a web page, not the file itself: what was saved is the page about it or a sign-in".to_owned())
        }
        _ if starts("<?xml") && lower.contains("<error>") || starts("<error>") => {
            let message = between(text, "<Message>", "</Message>");
            Some(format!("a server's error, not the file itself{}", quoted(message)))
        }
        _ if starts("{") || starts("[") => {
            let value: Value = serde_json::from_str(text).ok()?;
            Some(match message_in(&value) {
                Some(message) => format!("a server's message, not the file itself{}", quoted(Some(message))),
                None => "a JSON text, neither a photo nor a model".to_owned(),
            })
        }
        _ => None,
    }
}

/// All of it, where it is text and short enough to be one of these.
fn text_of(bytes: &[u8]) -> Option<&str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = bytes.get(..bytes.len().min(LOOKED_AT))?;
    let plain = |b: &u8| !b.is_ascii_control() || b.is_ascii_whitespace();
    if !head.iter().take(512).all(plain) {
        return None;
    }
    // A page may be longer than what is looked at, and cut inside a character.
    let whole = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(e) => std::str::from_utf8(head.get(..e.valid_up_to())?).ok()?,
    };
    Some(whole.trim_start())
}

/// Where the usual servers put it.
fn message_in(value: &Value) -> Option<&str> {
    let at = |key: &str| value.get(key);
    let message = ["error", "message", "detail", "error_description"].into_iter().find_map(at)?;
    message.as_str().or_else(|| message.get("message")?.as_str())
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    text.split_once(open)?.1.split_once(close).map(|(inside, _)| inside)
}

fn quoted(message: Option<&str>) -> String {
    let shown = message.map(|m| m.chars().take(SHOWN).collect::<String>());
    shown.map_or_else(String::new, |m| format!(": it says \"{}\"", m.trim()))
}
