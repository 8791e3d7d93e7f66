//! The table of commands: keys, tooltips and the list of keys say the same, since they read the same rows.

use quantscope::view::widgets::keys::name;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::{Context, Event, Id, Key, KeyboardShortcut, Modifiers, RawInput};
use quantscope::jobs::Wake;
use quantscope::view::command::Command;
use quantscope::view::command_table::{CLOSE, ORIGINAL, Place, REDO, ROWS, Row, SHELF, UNDO, lines};
use quantscope::view::learn::act::Act;
use quantscope::view::learn::state::Learn;
use quantscope::view::shell::keys;
use quantscope::view::shell::savable::Savable;
use quantscope::view::shell::save_form::SaveForm;
use quantscope::view::state::{Kept, Side, State, Tab};
use quantscope::view::widgets::compare::mode::Mode;

/// Something that the window can show, as far as commands depend on it.
struct Scene {
    state: State,
    learn: Learn,
}

impl Scene {
    fn new(tab: Tab, change: impl FnOnce(&mut State, &mut Learn)) -> Self {
        let mut state = State::new(Kept::default());
        let mut learn = Learn::new(&(Arc::new(|| {}) as Wake));
        state.tab = tab;
        change(&mut state, &mut learn);
        Self { state, learn }
    }

    fn all() -> Vec<Self> {
        vec![
            Self::new(Tab::Bridge, |_, _| {}),
            Self::new(Tab::Photo, |_, _| {}),
            Self::new(Tab::Photo, |state, _| state.photo_mode = Mode::Cloud),
            Self::new(Tab::Photo, |state, _| state.palette.chosen = Some([1, 2, 3, 255])),
            Self::new(Tab::Weights, |_, _| {}),
            Self::new(Tab::Weights, |state, _| {
                state.weights_side = Side::FormatComparison;
                state.format_comparison.cursor = "q4_k".parse().ok();
            }),
            Self::new(Tab::Learn, |_, _| {}),
            Self::new(Tab::Learn, |_, learn| learn.apply(&Act::Open(0), &Context::default())),
        ]
    }

    fn place(&self, typing: bool) -> Place<'_> {
        Place { state: &self.state, learn: self.learn.at(), typing, in_text: typing, selected: false, menu: false }
    }

    /// What the keys ask for, all pressed in one frame, and whether the original is held.
    fn press(&self, typing: bool, shortcuts: &[KeyboardShortcut]) -> (Vec<Command>, bool) {
        let event = |s: &KeyboardShortcut| Event::Key {
            key: s.logical_key,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: s.modifiers,
        };
        let input = RawInput { events: shortcuts.iter().map(event).collect(), ..RawInput::default() };
        let mut asked = (Vec::new(), false);
        let mut output = Context::default().run_ui(input, |ui| {
            if typing {
                ui.memory_mut(|memory| memory.request_focus(Id::unique("a control")));
            }
            asked = (keys::pressed(ui.ctx(), &self.state, self.learn.at()), ORIGINAL.is_held(ui.ctx()));
        });
        output.textures_delta.clear();
        asked
    }
}

fn key(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

#[test]
fn keys_of_one_direction_stand_together_in_the_list() {
    let dial = lines().find(|(_, what)| what.starts_with("Turn the dial"));
    assert_eq!(dial.map(|(keys, _)| keys), Some("←  →  ↓  ↑".to_owned()));
}

#[test]
fn no_two_commands_that_are_available_together_have_a_shortcut_in_common() {
    for scene in Scene::all() {
        for typing in [false, true] {
            let place = scene.place(typing);
            let mut taken = BTreeMap::new();
            for row in ROWS.iter().filter(|row| row.command(&place).is_some()) {
                for shortcut in row.keys {
                    let name = name(shortcut.logical_key, shortcut.modifiers);
                    let other = taken.insert(name.clone(), row.line);
                    assert!(other.is_none(), "{name}: {} and {other:?}", row.line);
                }
            }
        }
    }
}

#[test]
fn every_shortcut_asks_for_what_its_row_says() {
    let scenes = Scene::all();
    let asks = |row: &Row, shortcut: &KeyboardShortcut| {
        scenes.iter().any(|scene| {
            let (asked, original) = scene.press(false, &[*shortcut]);
            let wanted: Vec<Command> = row.command(&scene.place(false)).into_iter().collect();
            let is_asked = !wanted.is_empty() && format!("{asked:?}") == format!("{wanted:?}");
            is_asked || (std::ptr::eq(row, &ORIGINAL) && asked.is_empty() && original)
        })
    };
    for row in ROWS {
        for shortcut in row.keys {
            let name = name(shortcut.logical_key, shortcut.modifiers);
            assert!(asks(row, shortcut), "{name}: {}", row.line);
        }
        let has_place = scenes.iter().any(|scene| row.command(&scene.place(false)).is_some());
        assert!(has_place || !row.keys.is_empty(), "{}: neither a key nor a place", row.text);
    }
}

#[test]
fn letters_and_arrows_belong_to_the_control_that_has_the_keyboard() {
    for scene in Scene::all() {
        let place = scene.place(true);
        for row in ROWS.iter().filter(|row| row.command(&place).is_some()) {
            for s in row.keys.iter().filter(|s| s.modifiers.is_none()) {
                assert!(matches!(s.logical_key, Key::F1 | Key::Copy | Key::Paste), "{}", row.line);
            }
        }
        let shortcuts = [Key::K, Key::Escape, Key::ArrowLeft, Key::T, Key::F1].map(key);
        assert_eq!(format!("{:?}", scene.press(true, &shortcuts).0), "[ToggleKeys]");
        assert!(scene.press(false, &shortcuts).0.len() > 2);
    }
}

#[test]
fn shift_makes_another_command_of_a_key_only_where_a_row_says_so() {
    let photo = Scene::new(Tab::Photo, |_, _| {});
    let asked = |modifiers, key| {
        let (asked, _) = photo.press(false, &[KeyboardShortcut::new(modifiers, key)]);
        format!("{asked:?}")
    };
    let of = |row: &Row| format!("{:?}", row.command(&photo.place(false)).as_slice());
    assert_eq!(asked(Modifiers::COMMAND, Key::Z), of(&UNDO));
    assert_eq!(asked(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z), of(&REDO));
    assert_eq!(asked(Modifiers::SHIFT, Key::L), of(&SHELF));
}

#[test]
fn escape_closes_what_lies_on_top_and_one_thing_a_frame() {
    let escape = |change: fn(&mut State, &mut Learn)| {
        let scene = Scene::new(Tab::Learn, change);
        format!("{:?}", scene.press(false, &[key(Key::Escape), key(Key::Escape)]).0)
    };
    assert_eq!(escape(|state, _| (state.show_keys, state.show_open) = (true, true)), "[ToggleKeys]");
    assert_eq!(escape(|state, _| state.show_open = true), "[ToggleOpenPanel]");
    assert_eq!(escape(|_, learn| learn.presenting = true), "[Learn(Present)]");
    assert_eq!(escape(|_, _| {}), "[CancelJobs]");
    let form = SaveForm::new(Savable::Sheet, String::new());
    let with_form = Scene::new(Tab::Photo, |state, _| state.save_form = Some(form));
    assert_eq!(format!("{:?}", CLOSE.command(&with_form.place(false))), "Some(CloseSaveForm)");
    let with_menu = Place { menu: true, ..with_form.place(false) };
    assert!(CLOSE.command(&with_menu).is_none(), "the menu takes the key itself");
}

#[test]
fn keys_are_named_as_they_are_printed() {
    let names = [
        (Key::ArrowRight, Modifiers::NONE, "→"),
        (Key::S, Modifiers::COMMAND, "Ctrl S"),
        (Key::Z, Modifiers::COMMAND | Modifiers::SHIFT, "Ctrl Shift Z"),
        (Key::Home, Modifiers::NONE, "Home"),
        (Key::OpenBracket, Modifiers::NONE, "["),
        (Key::Num0, Modifiers::NONE, "0"),
    ];
    for (key, held, printed) in names {
        assert_eq!(name(key, held), printed);
    }
    assert_eq!(SHELF.tip_for("The shelf"), "The shelf (L)");
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The string literals of a file, without those of comments.
fn literals(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\'', '/']) {
        let (_, here) = rest.split_at(at);
        let mut after = here.chars();
        after.next();
        rest = if here.starts_with("//") {
            here.split_once('\n').map_or("", |(_, next)| next)
        } else if let Some(next) = here.strip_prefix("'\"'") {
            next
        } else if here.starts_with('"') {
            let mut literal = String::new();
            while let Some(c) = after.next().filter(|c| *c != '"') {
                literal.push(c);
                if c == '\\' {
                    literal.extend(after.next());
                }
            }
            found.push(literal);
            after.as_str()
        } else {
            after.as_str()
        };
    }
    found
}

/// The shortcut that a text names: in parentheses, as a word that is nothing but a key, or by itself.
fn shortcut_in(text: &str, names: &[String]) -> Option<String> {
    let is_word = |name: &str| text.split(|c: char| !c.is_alphanumeric()).any(|word| word == name);
    let named = names.iter().find(|name| {
        let lower = name.to_lowercase();
        let in_parentheses = [")", ":", ";"].iter().any(|end| text.to_lowercase().contains(&format!("({lower}{end}")));
        let is_long = name.chars().count() > 2;
        in_parentheses || (is_long && (text == **name || (name.contains(' ') && text.contains(&**name))))
    });
    let words = ["Ctrl", "Esc", "F1", "F5", "Backspace"].iter().find(|word| is_word(word)).map(|w| (*w).to_owned());
    let pairs = ["← →", "↑ ↓"].iter().find(|pair| text.contains(**pair)).map(|p| (*p).to_owned());
    named.cloned().or(words).or(pairs)
}

#[test]
fn a_text_that_names_a_key_takes_it_from_the_table() {
    let shortcuts = ROWS.iter().flat_map(|row| row.keys);
    let names: Vec<String> = shortcuts
        .map(|s| name(s.logical_key, s.modifiers))
        .filter(|name| !matches!(&**name, "Home" | "End" | "Copy" | "Paste"))
        .collect();
    for text in ["Keep it (K)", "Next (o: next)", "Turn (↑ ↓)", "Space", "Back (space)", "Ctrl O opens", "Esc leaves"]
    {
        assert!(shortcut_in(text, &names).is_some(), "{text}");
    }
    for text in ["({KEEP})", "Side by side", "weight error →", "Escaped", "blank space", "A (B of C)"] {
        assert_eq!(shortcut_in(text, &names), None, "{text}");
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/view");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    files.retain(|path| {
        !path.ends_with("view/command_table.rs")
            && !path.ends_with("shell/keys.rs")
            && !path.ends_with("widgets/keys.rs")
    });
    assert!(files.len() > 60, "the sources were not found");
    for path in files {
        for text in literals(&fs::read_to_string(&path).unwrap()) {
            let named = shortcut_in(&text, &names);
            assert!(named.is_none(), "{}: {named:?} in {text:?}: a row of the table has its text", path.display());
        }
    }
}
