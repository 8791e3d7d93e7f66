//! The clipboard in the window, with one that the test holds in place of the desktop's.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use crate::support::{Window, shows, slope_color, wait_until, wait_until_idle, write_slope};
use eframe::egui::{Event, Key, Modifiers, OutputCommand};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use quantscope::picture::image::Image;
use quantscope::view::shell::app::App;
use quantscope::view::shell::clipboard::{Board, Fault};
use quantscope::view::shell::timings::Timings;

type Picture = (u32, u32, Vec<[u8; 4]>);

#[derive(Default)]
struct Held {
    files: Vec<PathBuf>,
    text: Option<String>,
    picture: Option<Picture>,
}

/// A clipboard that other programs fill and look into.
#[derive(Default)]
struct Fake {
    held: Mutex<Held>,
    /// Whoever reads waits for this first.
    slow: Mutex<Option<Receiver<()>>>,
}

impl Board for Fake {
    fn files(&self) -> Result<Vec<PathBuf>, Fault> {
        if let Some(gate) = self.slow.lock().unwrap().take() {
            gate.recv().unwrap();
        }
        let files = self.held.lock().unwrap().files.clone();
        if files.is_empty() { Err(Fault::Absent) } else { Ok(files) }
    }

    fn text(&self) -> Result<String, Fault> {
        self.held.lock().unwrap().text.clone().ok_or(Fault::Absent)
    }

    fn picture(&self) -> Result<Image, Fault> {
        let held = self.held.lock().unwrap();
        let (width, height, rgba) = held.picture.clone().ok_or(Fault::Absent)?;
        Ok(Image::new(width, height, rgba))
    }

    fn set_picture(&self, width: u32, height: u32, rgba: Vec<[u8; 4]>) -> Result<(), Fault> {
        self.held.lock().unwrap().picture = Some((width, height, rgba));
        Ok(())
    }
}

fn window_with(board: &Arc<Fake>, files: Vec<PathBuf>) -> Window {
    let board = board.clone();
    let mut w = Harness::builder().with_size([1280.0, 800.0]).with_max_steps(64).build_eframe(move |cc| {
        let timings = Timings::new(None).unwrap_or_else(|why| panic!("{why}"));
        App::new(&cc.egui_ctx, None, files, timings).without_dialogs().with_clipboard(board)
    });
    w.input_mut().max_texture_side = Some(16384);
    w.step();
    wait_until_idle(&mut w);
    w
}

fn press(w: &mut Window, key: Key) {
    w.key_press_modifiers(Modifiers::COMMAND, key);
    w.run_steps(2);
    wait_until_idle(w);
    w.run_steps(2);
}

fn slope() -> Picture {
    let rgba = |i: u32| {
        let [r, g, b] = slope_color(i % 96, i / 96);
        [r, g, b, 255]
    };
    (96, 64, (0..96 * 64).map(rgba).collect())
}

#[test]
fn a_copied_picture_is_opened_and_the_next_one_is_another_photo() {
    let board = Arc::new(Fake::default());
    let mut w = window_with(&board, Vec::new());
    board.held.lock().unwrap().picture = Some(slope());
    press(&mut w, Key::V);
    assert!(shows(&w, "Pasted picture") && shows(&w, "Pane 16 colours") && shows(&w, "96 × 64"));
    assert!(shows(&w, "no file"), "there is none to compare with");
    press(&mut w, Key::V);
    assert!(shows(&w, "Pasted picture 2"));
}

#[test]
fn the_chosen_panes_picture_is_copied_whole_and_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let board = Arc::new(Fake::default());
    let mut w = window_with(&board, vec![write_slope(folder.path())]);
    press(&mut w, Key::C);
    let (width, height, rgba) = board.held.lock().unwrap().picture.clone().expect("a picture");
    assert_eq!((width, height, rgba.len()), (96, 64, 96 * 64));
    let mut colors = rgba.clone();
    colors.sort_unstable();
    colors.dedup();
    assert_eq!(colors.len(), 16);
    assert!(shows(&w, "Copied: 16 colours, 96 × 64 pixels"));
    // What was copied comes back the same.
    press(&mut w, Key::V);
    assert!(shows(&w, "Pasted picture"));
    assert!(shows(&w, "16 colours"));
}

#[test]
fn a_list_of_colours_becomes_the_chosen_panes_palette_and_a_path_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_slope(folder.path());
    let board = Arc::new(Fake::default());
    let mut w = window_with(&board, Vec::new());
    board.held.lock().unwrap().text = Some(path.display().to_string());
    press(&mut w, Key::V);
    assert!(shows(&w, "slope.png"));
    board.held.lock().unwrap().text = Some("#ff8800, #0044ff\n#102030".to_owned());
    press(&mut w, Key::V);
    let given = w.state().state().photo.panes[1].source.given.clone().expect("given colours");
    assert_eq!(given.colors(), [[0xff, 0x88, 0, 255], [0, 0x44, 0xff, 255], [0x10, 0x20, 0x30, 255]]);
    board.held.lock().unwrap().text = Some("some words".to_owned());
    press(&mut w, Key::V);
    assert!(shows(&w, "neither a list of colours nor the path of a file"));
}

#[test]
fn a_text_field_takes_the_text_and_nothing_is_opened() {
    let board = Arc::new(Fake::default());
    let mut w = window_with(&board, Vec::new());
    board.held.lock().unwrap().text = Some("#ff8800".to_owned());
    w.get_by_label("Open…").click();
    w.run_steps(3);
    w.get_by_role(eframe::egui::accesskit::Role::TextInput).focus();
    w.run_steps(2);
    press(&mut w, Key::V);
    assert_eq!(w.state().state().path_field, "#ff8800");
    assert!(w.state().state().photo.panes[1].source.given.is_none());
    // Copying in the field is the field's own.
    w.key_press_modifiers(Modifiers::COMMAND, Key::A);
    w.run_steps(2);
    press(&mut w, Key::C);
    assert!(board.held.lock().unwrap().picture.is_none());
}

#[test]
fn frames_go_on_while_the_clipboards_owner_takes_its_time() {
    let board = Arc::new(Fake::default());
    let mut w = window_with(&board, Vec::new());
    let (open, gate) = channel();
    *board.slow.lock().unwrap() = Some(gate);
    board.held.lock().unwrap().picture = Some(slope());
    w.key_press_modifiers(Modifiers::COMMAND, Key::V);
    // Were a frame to wait for the owner, this one would never end: it is let go only afterwards.
    w.run_steps(3);
    w.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    w.run_steps(3);
    assert!(!shows(&w, "Pasted picture"));
    open.send(()).unwrap();
    wait_until(&mut w, "the picture", |w| shows(w, "Pasted picture"));
}

#[test]
fn text_that_the_window_copies_leaves_it() {
    let board = Arc::new(Fake::default());
    let mut w = window_with(&board, Vec::new());
    w.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    w.step();
    wait_until_idle(&mut w);
    w.get_by_label("Palette ⏷").click();
    w.run_steps(3);
    w.get_by_label("Copy as hex").click();
    let copied = copied_text(&mut w).expect("text for the desktop's clipboard");
    assert!(copied.lines().count() == 16 && copied.lines().all(|line| line.starts_with('#')), "{copied}");
}

/// What the window gives to the desktop's clipboard within a few frames.
fn copied_text(w: &mut Window) -> Option<String> {
    let mut copied = None;
    // What a frame asks of the desktop is gone with the next.
    for _ in 0..6 {
        w.step();
        for command in &w.output().platform_output.commands {
            if let OutputCommand::CopyText(text) = command {
                copied = Some(text.clone());
            }
        }
    }
    copied
}

#[test]
fn palette_figures_and_settings_of_the_chosen_pane_are_copied_as_text() {
    let folder = tempfile::tempdir().unwrap();
    let board = Arc::new(Fake::default());
    let mut w = window_with(&board, vec![write_slope(folder.path())]);
    let mut copied = |key| {
        // Not through the harness, whose step may be several frames.
        let modifiers = Modifiers::COMMAND | Modifiers::SHIFT;
        w.input_mut().events.push(Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers });
        copied_text(&mut w).expect("text for the desktop's clipboard")
    };
    let palette = copied(Key::C);
    assert!(palette.lines().count() == 16 && palette.lines().all(|line| line.starts_with('#')), "{palette}");
    let figures = copied(Key::G);
    assert!(figures.contains("\npsnr (dB)\t") && figures.contains("\ncolors\t16\n"), "{figures}");
    let line = copied(Key::L);
    let photo = folder.path().join("slope.png").display().to_string();
    assert!(line.starts_with(&format!("quantscope image {photo} --colors 16 --goal eye")), "{line}");
    assert!(line.ends_with("-o slope-16.png") && shows(&w, "Copied: quantscope image"), "{line}");
    assert!(board.held.lock().unwrap().picture.is_none(), "no picture was asked for");
}

#[test]
fn a_single_copied_colour_is_locked_in_the_chosen_palette_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let board = Arc::new(Fake::default());
    let mut w = window_with(&board, vec![write_slope(folder.path())]);
    board.held.lock().unwrap().text = Some("#ff8800".to_owned());
    press(&mut w, Key::V);
    let source = |w: &Window| w.state().state().photo.panes[1].source.clone();
    let locked = source(&w).locked.expect("a locked colour");
    assert_eq!(locked.colors(), [[0xff, 0x88, 0, 255]]);
    assert!(source(&w).given.is_none() && source(&w).count == 16 && shows(&w, "#ff8800 is locked"));
    press(&mut w, Key::Z);
    assert!(source(&w).locked.is_none());
}
