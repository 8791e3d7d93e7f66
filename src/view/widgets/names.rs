//! Names of tensors where there is little room.

use egui::{FontId, Ui};

use crate::view::theme;

/// As much of a tensor's name as there is room for, in small letters and without the `.weight` of nearly all.
pub(crate) fn fitted_name(ui: &Ui, name: &str, room: f32) -> String {
    let wide = |text: &str| width(ui, text, theme::small_font());
    shortened(name, &|text| wide(text) <= room)
}

/// The whole name in the letters of text, or as much of it as there is room for.
pub(crate) fn fitted_heading(ui: &Ui, name: &str, room: f32) -> String {
    let wide = |text: &str| width(ui, text, theme::body_font());
    if wide(name) <= room { name.to_owned() } else { shortened(name, &|text| wide(text) <= room) }
}

fn width(ui: &Ui, text: &str, font: FontId) -> f32 {
    ui.painter().layout_no_wrap(text.to_owned(), font, ui.visuals().text_color()).size().x
}

/// A name without the `.weight` of nearly all; where it does not fit, without its middle parts, those farthest from its
/// end first; `fits` tells whether a text has room. Numbers, which tell layers and experts apart, and the end stay whole for as long as anything does.
pub fn shortened(name: &str, fits: &dyn Fn(&str) -> bool) -> String {
    let name = name.strip_suffix(".weight").unwrap_or(name);
    if fits(name) {
        return name.to_owned();
    }
    let parts: Vec<&str> = name.split('.').collect();
    let last = parts.len() - 1;
    let mut kept: Vec<bool> =
        (0..parts.len()).map(|i| i == last || !parts[i].is_empty() && parts[i].parse::<u32>().is_ok()).collect();
    for at in (0..last).rev().filter(|&at| !kept[at]).collect::<Vec<_>>() {
        kept[at] = true;
        if !fits(&joined(&parts, &kept)) {
            kept[at] = false;
            break;
        }
    }
    let text = joined(&parts, &kept);
    if fits(&text) { text } else { cut(&text, fits) }
}

/// The kept parts, with a mark where others are left out.
fn joined(parts: &[&str], kept: &[bool]) -> String {
    let mut text = String::new();
    for (i, part) in parts.iter().enumerate().filter(|(i, _)| kept[*i]) {
        match i.checked_sub(1).map(|before| kept[before]) {
            None => {}
            Some(true) => text.push('.'),
            Some(false) => text.push('…'),
        }
        text.push_str(part);
    }
    text
}

/// Without as many characters before the end's last as it takes: what stands first has the layer's number.
fn cut(text: &str, fits: &dyn Fn(&str) -> bool) -> String {
    let head = text.rfind(|c: char| c.is_ascii_digit()).map_or(0, |at| at + 1);
    let (head, tail) = text.split_at(head);
    let starts: Vec<usize> = tail.char_indices().map(|(at, _)| at).filter(|at| *at > 0).collect();
    let first = starts.partition_point(|&at| !fits(&format!("{head}…{}", &tail[at..])));
    match starts.get(first) {
        Some(&at) => format!("{head}…{}", &tail[at..]),
        None => format!("{head}…"),
    }
}
