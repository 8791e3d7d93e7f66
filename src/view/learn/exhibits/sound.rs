//! The piece of sound before and after it was cut to fewer bits: spectrograms, the spectrum of signal, noise and what
//! the ear lets pass, and the three ways side by side. Both sounds can be saved to listen to.

use std::sync::Arc;

use egui::{Align, Align2, Layout, Rect, RichText, Slider, Stroke, Ui, UiBuilder, pos2, vec2};

use super::sound_plot::spectrum_ui;
use crate::figures;
use crate::jobs::{Running, Slot, Wake};
use crate::lesson::exhibits::sound::SoundShow;
use crate::signal::sound::bands::bark_of_hertz;
use crate::signal::sound::coder::{BandLevels, Sound, SoundReport};
use crate::signal::sound::mdct::LINES;
use crate::signal::sound::ways::Way;
use crate::signal::sound::{RATE, piece};
use crate::view::learn::drawing::{Painted, bar_ui, caption, image_area};
use crate::view::learn::exhibit::{Exhibit, Inputs, PLAY, settings_of, turned};
use crate::view::learn::stops;
use crate::view::shell::savable::{Savable, SoundVersion};
use crate::view::theme;

/// Bits a sample that the arrow keys walk through.
const STOPS: [f32; 11] = [0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0];
const LINE: f32 = 26.0;
/// Marks of frequency at the left of the spectrograms.
const MARKS: f32 = 42.0;

/// What a spectrum is of.
#[derive(Clone, Copy, PartialEq)]
struct SpectrumKey {
    /// Hundredths of a bit a sample.
    centibits: u16,
    way: Way,
    /// The moment that is looked at, from 1; 0 is the whole piece.
    moment: u16,
}

pub(crate) struct SoundExhibit {
    settings: SoundShow,
    sound: Slot<(), Sound>,
    ways: Slot<u16, [SoundReport; 3]>,
    /// The spectrum on show, and what it is of.
    spectrum: Option<(SpectrumKey, Vec<BandLevels>)>,
    painted: [Painted; 2],
    asked: Option<Savable>,
}

impl SoundExhibit {
    pub(crate) fn new(wake: &Wake) -> Self {
        Self {
            settings: SoundShow::default(),
            sound: Slot::new("Playing the piece", wake.clone()),
            ways: Slot::new("Cutting the sound", wake.clone()),
            spectrum: None,
            painted: Default::default(),
            asked: None,
        }
    }

    fn report(&self) -> Option<&SoundReport> {
        let (_, ways) = self.ways.shown()?;
        ways.get(Way::ALL.iter().position(|way| *way == self.settings.way)?)
    }

    /// Makes the spectrum of the moment that is looked at, or of the whole piece.
    fn look_at_spectrum(&mut self) {
        let Some((&centibits, _)) = self.ways.shown() else { return };
        let key = SpectrumKey { centibits, way: self.settings.way, moment: self.settings.moment };
        if self.spectrum.as_ref().is_some_and(|(old, _)| *old == key) {
            return;
        }
        let Some(((_, sound), report)) = self.sound.shown().zip(self.report()) else { return };
        let frame = usize::from(self.settings.moment).checked_sub(1);
        self.spectrum = Some((key, sound.levels(report, frame)));
    }
}

impl Exhibit for SoundExhibit {
    settings_of!(Sound);

    fn update(&mut self, _: &Inputs) {
        self.sound.request_value((), Sound::new);
        let Some((_, sound)) = self.sound.shown() else { return };
        let (sound, centibits) = (sound.clone(), self.settings.centibits());
        self.ways.request_value(centibits, move |control| sound.ways(centibits, control));
        self.look_at_spectrum();
    }

    fn ui(&mut self, ui: &mut Ui, _: &Inputs) {
        ui.horizontal(|ui| self.controls_ui(ui));
        let area = ui.available_rect_before_wrap();
        let line = area.with_min_y(area.bottom() - LINE);
        let main = area.with_max_y(line.top() - 4.0);
        let (above, below) = main.split_top_bottom_at_fraction(0.42);
        self.spectrograms_ui(ui, above);
        let moment = below.with_max_y(below.top() + LINE);
        ui.scope_builder(UiBuilder::new().max_rect(moment).layout(Layout::left_to_right(Align::Center)), |ui| {
            self.moment_ui(ui);
        });
        let below = below.with_min_y(moment.bottom() + 2.0);
        let (left, right) = below.split_left_right_at_fraction(0.56);
        if let Some((_, levels)) = &self.spectrum {
            ui.scope_builder(UiBuilder::new().max_rect(left), |ui| spectrum_ui(ui, levels));
        }
        ui.scope_builder(UiBuilder::new().max_rect(right.with_min_x(right.left() + 12.0)), |ui| self.ways_ui(ui));
        ui.scope_builder(UiBuilder::new().max_rect(line).layout(Layout::left_to_right(Align::Center)), |ui| {
            self.line_ui(ui);
        });
        ui.advance_cursor_after_rect(area);
    }

    fn turn(&mut self, step: i32) {
        self.settings.bits = stops::next(&STOPS, self.settings.bits, step);
    }

    /// The next way of cutting.
    fn play(&mut self) {
        let at = Way::ALL.iter().position(|way| *way == self.settings.way).unwrap_or(0);
        self.settings.way = Way::ALL[(at + 1) % Way::ALL.len()];
    }

    fn jobs(&mut self) -> Vec<&mut dyn Running> {
        vec![&mut self.sound, &mut self.ways]
    }

    fn sound(&self, which: SoundVersion) -> Option<Arc<[f32]>> {
        match which {
            SoundVersion::Before => self.sound.shown().map(|(_, sound)| sound.samples.clone()),
            SoundVersion::After => self.report().map(|report| report.samples.clone()),
        }
    }

    fn asked(&mut self) -> Option<Savable> {
        self.asked.take()
    }
}

impl SoundExhibit {
    fn controls_ui(&mut self, ui: &mut Ui) {
        let label = ui.label("Bits a sample");
        ui.spacing_mut().slider_width = (ui.available_width() * 0.24).clamp(80.0, 300.0);
        let range = SoundShow::LEAST_BITS..=SoundShow::MOST_BITS;
        let slider = Slider::new(&mut self.settings.bits, range).logarithmic(true).step_by(0.01).fixed_decimals(2);
        ui.add(slider).on_hover_text(turned("The original has 16")).labelled_by(label.id);
        ui.label("Rounded:");
        for way in Way::ALL {
            let hint = match way {
                Way::Time => "Every sample to the same step: whole bits, two at the least",
                Way::Bands => "Frequencies of each moment, all to the same step",
                Way::Masked => "Frequencies of each moment, with steps as the ear's masking has it",
            };
            ui.selectable_value(&mut self.settings.way, way, way.label()).on_hover_text(PLAY.tip_for(hint));
        }
    }

    fn spectrograms_ui(&mut self, ui: &mut Ui, area: Rect) {
        let pictures = area.with_min_x(area.left() + MARKS);
        let (left, right) = pictures.split_left_right_at_fraction(0.5);
        let rects = [left.with_max_x(left.right() - 4.0), right.with_min_x(right.left() + 4.0)];
        let rects = rects.map(|rect| rect.with_min_y(rect.top() + 18.0));
        let before = self.sound.shown().map(|(_, sound)| sound.spectrogram.clone());
        let after = self.report().map(|report| report.spectrogram.clone());
        let titles = ["Before: 16 bits a sample".to_owned(), format!("After: {}", self.settings.way.label())];
        let last = self.sound.shown().map_or(0, |(_, sound)| sound.frames());
        for (i, (rect, picture)) in rects.into_iter().zip([before, after]).enumerate() {
            caption(ui, rect.left_top() - vec2(0.0, 2.0), Align2::LEFT_BOTTOM, &titles[i], true);
            ui.painter().rect_filled(rect, 2.0, theme::picture_ground(ui.visuals().dark_mode));
            let name = if i == 0 { "Spectrogram before" } else { "Spectrogram after" };
            let response = image_area(ui, rect, name);
            if let Some(picture) = picture {
                self.painted[i].paint(ui, name, &picture, rect, true);
            }
            if let (Some(p), Some((_, sound))) = (response.hover_pos(), self.sound.shown()) {
                let share = (p.x - rect.left()) / rect.width().max(1.0);
                self.settings.moment = (sound.frame_at(share) + 1).min(usize::from(u16::MAX)) as u16;
            }
            if self.settings.moment > 0 && last > 1 {
                let x = rect.left() + rect.width() * f32::from(self.settings.moment - 1) / (last - 1) as f32;
                let line = [pos2(x, rect.top()), pos2(x, rect.bottom())];
                ui.painter().line_segment(line, Stroke::new(1.5, theme::accent(ui.visuals().dark_mode)));
            }
        }
        let top = bark_of_hertz(f64::from(RATE) / 2.0);
        for (hertz, name) in [(100.0, "100 Hz"), (500.0, "500"), (2000.0, "2 kHz"), (8000.0, "8 kHz")] {
            let y = rects[0].bottom() - rects[0].height() * (bark_of_hertz(hertz) / top) as f32;
            caption(ui, pos2(rects[0].left() - 4.0, y), Align2::RIGHT_CENTER, name, false);
        }
    }

    fn moment_ui(&mut self, ui: &mut Ui) {
        // Before the sound is there, its length is not known: a slider of another range would clamp the moment.
        let Some((_, sound)) = self.sound.shown() else { return };
        let frames = sound.frames().min(usize::from(u16::MAX)) as u16;
        let label = ui.label("Spectrum of");
        ui.spacing_mut().slider_width = (ui.available_width() * 0.3).clamp(80.0, 320.0);
        let seconds = |frame: f64| (frame - 1.0) * LINES as f64 / f64::from(RATE);
        let slider = Slider::new(&mut self.settings.moment, 0..=frames)
            .custom_formatter(move |frame, _| match frame {
                f if f < 0.5 => "the whole piece".to_owned(),
                f => format!("{:.2} s of {:.0} s", seconds(f), piece::SECONDS),
            })
            .custom_parser(move |text| {
                text.trim().parse::<f64>().ok().map(|s| (s * f64::from(RATE) / LINES as f64).round() + 1.0)
            });
        ui.add(slider).on_hover_text("Or point at a spectrogram").labelled_by(label.id);
    }

    /// What each way makes of as many bits.
    fn ways_ui(&self, ui: &mut Ui) {
        let Some((_, ways)) = self.ways.shown() else { return };
        let dark = ui.visuals().dark_mode;
        let color = |way: Way| {
            let color = if way == Way::Masked { theme::accent(dark) } else { theme::bits_color(dark, 4) };
            if way == self.settings.way { color } else { color.gamma_multiply(0.45) }
        };
        ui.spacing_mut().item_spacing.y = 2.0;
        let top = ways.iter().map(|r| r.error.sqnr_db()).filter(|db| db.is_finite()).fold(20.0, f64::max);
        ui.label(RichText::new("Signal to noise: more is nearer").small().strong());
        for (way, report) in Way::ALL.into_iter().zip(ways.iter()) {
            let db = report.error.sqnr_db();
            let share = if db.is_finite() { (db / top) as f32 } else { 1.0 };
            bar_ui(ui, (way.label(), &figures::db(db)), (100.0, 68.0), share, color(way));
        }
        ui.add_space(4.0);
        ui.label(RichText::new("Noise above what the ear lets pass").small().strong())
            .on_hover_text("By how many decibels, as the mean over all bands and moments; 0 where it stays below");
        let top = ways.iter().map(|r| r.excess_db).fold(1.0, f64::max);
        for (way, report) in Way::ALL.into_iter().zip(ways.iter()) {
            let db = figures::db(report.excess_db);
            bar_ui(ui, (way.label(), &db), (100.0, 68.0), (report.excess_db / top) as f32, color(way));
        }
    }

    fn line_ui(&mut self, ui: &mut Ui) {
        if ui.button("Save before…").on_hover_text("The piece as a WAV file, to listen to").clicked() {
            self.asked = Some(Savable::Sound(SoundVersion::Before));
        }
        if ui.button("Save after…").on_hover_text("What is left of it as a WAV file, to listen to").clicked() {
            self.asked = Some(Savable::Sound(SoundVersion::After));
        }
        let Some(report) = self.report() else { return };
        let bits = report.rate.bits_per_sample();
        ui.label(format!(
            "{} bits a sample, {:.0} kbit/s. {:.1} % are coded as zero.",
            figures::bits(bits),
            bits * f64::from(RATE) / 1000.0,
            100.0 * report.zero_share
        ));
    }
}
