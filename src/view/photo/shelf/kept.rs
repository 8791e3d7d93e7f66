//! The kept results: what is kept of each, and within what bounds.

use std::cmp::Ordering;
use std::sync::Arc;

use egui::TextureHandle;

use crate::engine::metric::EyeError;
use crate::export::packed::PngSize;
use crate::export::photo_table::Row;
use crate::picture::Thumbnail;
use crate::picture::edits::PhotoEdits;
use crate::run::report::{PhotoFigures, PhotoReport, SizeTruth};
use crate::source::photo::Photo;
use crate::spec::PhotoSpec;
use crate::view::photo::photos::OpenPhoto;
use crate::view::photo::settings::{MOST_PANES, PhotoSettings, close_place};

/// Pixels of all kept results together take no more than this.
pub const MOST_BYTES: usize = 64 << 20;

/// Most results on the shelf: a longer table is no help in finding one.
pub(crate) const MOST_RESULTS: usize = 200;

/// Width and height of the small pictures, in pixels.
pub(crate) const THUMBNAIL: (u32, u32) = (96, 60);

/// What can be done with the shelf.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    /// Keeps what the chosen pane shows.
    Keep,
    /// Opens the table of kept results or closes it.
    Toggle,
    /// Shows the result of this number in the chosen pane.
    Show(u64),
    /// Shows the next one (or, below 0, the one before) as the table is sorted.
    Step(i32),
    /// The chosen pane shows again what the settings say.
    Hide,
    /// The settings become those of the result.
    Restore(u64),
    /// Takes a result off the shelf, until undo brings it back.
    Remove(u64),
    /// One of the two to be compared: 0 is A, 1 is B. The same again takes the mark away.
    Mark(usize, u64),
    /// Takes the marks of both compared results away.
    EndComparison,
    /// Sorts the table by a column; a second time, the other way round.
    Sort(SortBy),
}

/// The column that the table of kept results is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortBy {
    /// The order of keeping.
    Number,
    /// The title, then the settings in words.
    Settings,
    /// Different colours of the result.
    Colors,
    /// SSIMULACRA2.
    Ssimulacra2,
    /// The 3-norm of butteraugli.
    Butteraugli,
    /// The Oklab distance after the blur of a distant eye.
    Afar,
    /// PSNR of the raw pixels, in dB.
    Psnr,
    /// CIEDE2000, mean over the pixels.
    DeltaE,
    /// CIEDE2000 that 95 % of the pixels do not exceed.
    DeltaE95,
    /// Length of the PNG file.
    Bytes,
}

/// One kept result.
pub struct Pinned {
    /// From 1 on, in the order of keeping; never given twice.
    pub number: u64,
    /// The settings of the result and its measured errors and bits.
    pub figures: PhotoFigures,
    /// Once its file is there.
    pub sizes: Option<SizeTruth>,
    pub(crate) photo: Identity,
    pub(crate) thumbnail: Thumbnail,
    pub(crate) texture: Option<TextureHandle>,
    /// Its pixels, while there is room for them.
    pub report: Option<Arc<PhotoReport>>,
    last_use: u64,
}

/// Which photo a result is of: the same file opened again is the same photo, and with other edits another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) name: String,
    path: Option<std::path::PathBuf>,
    file_bytes: u64,
    extent: (u32, u32),
    edits: PhotoEdits,
}

impl Identity {
    fn of(photo: &Photo) -> Self {
        let extent = (photo.image.width, photo.image.height);
        let (path, file_bytes, edits) = (photo.path.clone(), photo.file_bytes, photo.edits);
        Self { name: photo.name.clone(), path, file_bytes, extent, edits }
    }
}

/// The kept results, which of them the panes show, and how their table is sorted.
pub struct Shelf {
    /// Whether the table is shown.
    pub is_open: bool,
    /// What the table is sorted by.
    pub sort: SortBy,
    /// Whether the table is sorted from high to low.
    pub descending: bool,
    /// The kept results, in the order of their numbers.
    pub(crate) results: Vec<Pinned>,
    /// Taken off the shelf, as long as undo can bring them back.
    removed: Vec<Pinned>,
    last_number: u64,
    clock: u64,
    /// The result that each pane shows in place of what the settings say.
    shown: [Option<u64>; MOST_PANES],
    /// The two that are compared, A and B.
    pub marks: [Option<u64>; 2],
    most_bytes: usize,
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            is_open: false,
            sort: SortBy::Number,
            descending: false,
            results: Vec::new(),
            removed: Vec::new(),
            last_number: 0,
            clock: 0,
            shown: [None; MOST_PANES],
            marks: [None; 2],
            most_bytes: MOST_BYTES,
        }
    }
}

impl Shelf {
    /// An empty one whose results' pixels take no more than so many bytes together.
    pub fn of_bytes(most_bytes: usize) -> Self {
        Self { most_bytes, ..Self::default() }
    }

    /// Keeps a finished result; one that is kept already stays as it is. Returns its number.
    ///
    /// # Errors
    /// A line for people when there is no room.
    pub fn keep(&mut self, photo: &Photo, report: &Arc<PhotoReport>) -> Result<u64, String> {
        let photo = Identity::of(photo);
        if let Some(kept) = self.results.iter().find(|r| r.photo == photo && r.figures.spec == report.spec) {
            return Ok(kept.number);
        }
        if self.results.len() == MOST_RESULTS {
            return Err(format!("The shelf holds {MOST_RESULTS} results; remove one first."));
        }
        self.last_number += 1;
        self.results.push(Pinned {
            number: self.last_number,
            figures: report.figures(None),
            sizes: None,
            photo,
            thumbnail: report.picture.thumbnail(THUMBNAIL.0, THUMBNAIL.1),
            texture: None,
            report: None,
            last_use: 0,
        });
        self.hold(self.last_number, report);
        Ok(self.last_number)
    }

    /// Takes a result off the shelf and out of the panes, until [`Shelf::go_to`] brings it back.
    pub fn remove(&mut self, number: u64) {
        let rest: Vec<u64> = self.numbers().into_iter().filter(|&n| n != number).collect();
        let shown = self.shown.map(|held| held.filter(|&n| n != number));
        self.go_to(&rest, shown);
    }

    /// The numbers of all results, ascending.
    pub fn numbers(&self) -> Vec<u64> {
        self.results.iter().map(|r| r.number).collect()
    }

    /// The numbers of the results that the panes show.
    pub fn shown(&self) -> [Option<u64>; MOST_PANES] {
        self.shown
    }

    /// Exactly these results are on the shelf, of all that are there or were removed.
    pub fn go_to(&mut self, numbers: &[u64], shown: [Option<u64>; MOST_PANES]) {
        let all = self.results.drain(..).chain(self.removed.drain(..));
        (self.results, self.removed) = all.partition(|r| numbers.contains(&r.number));
        self.results.sort_by_key(|r| r.number);
        self.removed.iter_mut().for_each(|r| r.report = None);
        self.shown = shown;
        self.marks = self.marks.map(|mark| mark.filter(|n| numbers.contains(n)));
    }

    /// Lets go of removed results that nothing brings back.
    pub fn forget(&mut self, is_gone: impl Fn(u64) -> bool) {
        self.removed.retain(|r| !is_gone(r.number));
    }

    /// How many results are kept, of this photo and of others.
    pub fn len(&self) -> usize {
        self.results.len()
    }

    /// Whether no result is kept.
    pub fn is_empty(&self) -> bool {
        self.results.is_empty()
    }

    /// The result of this number, while it is on the shelf.
    pub fn get(&self, number: u64) -> Option<&Pinned> {
        self.results.iter().find(|r| r.number == number)
    }

    /// How many have their pixels at hand, and what those take.
    pub fn held(&self) -> (usize, usize) {
        let held = self.results.iter().filter_map(|r| r.report.as_ref());
        held.fold((0, 0), |(count, bytes), report| (count + 1, bytes + report.bytes()))
    }

    /// The numbers of all results as the table is sorted.
    pub fn ordered(&self) -> Vec<u64> {
        let mut order: Vec<&Pinned> = self.results.iter().collect();
        order.sort_by(|a, b| {
            let order = compare(a, b, self.sort);
            (if self.descending { order.reverse() } else { order }).then(a.number.cmp(&b.number))
        });
        order.into_iter().map(|r| r.number).collect()
    }

    /// The figures of all results, as the table is sorted.
    pub fn rows(&self) -> Vec<Row<'_>> {
        let results = self.ordered().into_iter().filter_map(|number| self.get(number));
        results.map(|r| Row { file: &r.photo.name, figures: r.figures.clone(), sizes: r.sizes }).collect()
    }

    /// The result that a pane shows.
    pub fn shown_in(&self, pane: usize) -> Option<&Pinned> {
        self.shown.get(pane).copied().flatten().and_then(|number| self.get(number))
    }

    /// Whether any pane shows the result of this number.
    pub fn is_shown(&self, number: u64) -> bool {
        self.shown.contains(&Some(number))
    }

    /// Whether the result of this number is A, and whether it is B, of those compared.
    pub fn mark_of(&self, number: u64) -> [bool; 2] {
        self.marks.map(|mark| mark == Some(number))
    }

    /// The two that are compared, once there are two of this photo.
    pub fn versus(&self, photo: &Photo) -> Option<[&Pinned; 2]> {
        let [a, b] = self.marks.map(|mark| mark.and_then(|number| self.get(number)));
        let of_photo = |r: &&Pinned| r.photo == Identity::of(photo);
        Some([a.filter(of_photo)?, b.filter(of_photo)?])
    }

    /// Whether at least one result is marked for comparison.
    pub fn is_marked(&self) -> bool {
        self.marks.iter().any(Option::is_some)
    }

    /// The pane shows again what the settings say.
    pub fn hide(&mut self, pane: usize) {
        self.show(pane, None);
    }

    /// The pane shows the result of this number, or what the settings say.
    pub fn show(&mut self, pane: usize, number: Option<u64>) {
        if let Some(shown) = self.shown.get_mut(pane) {
            *shown = number;
        }
    }

    /// A pane is closed: those behind it show on what they showed.
    pub fn close_pane(&mut self, pane: usize) {
        close_place(&mut self.shown, pane);
    }

    /// What settings have changed shows again.
    pub fn settings_changed(&mut self, old: &PhotoSettings, new: &PhotoSettings) {
        for (pane, (was, is)) in old.panes.iter().zip(&*new.panes).enumerate() {
            if was.spec() != is.spec() {
                self.show(pane, None);
            }
        }
    }

    /// Holds the pixels of a result, and lets go of those that were not looked at for longest.
    pub fn hold(&mut self, number: u64, report: &Arc<PhotoReport>) {
        self.clock += 1;
        let Some(result) = self.results.iter_mut().find(|r| r.number == number) else { return };
        (result.report, result.last_use) = (Some(report.clone()), self.clock);
        while self.held().1 > self.most_bytes {
            let held = self.results.iter_mut().filter(|r| r.report.is_some());
            match held.min_by_key(|r| r.last_use) {
                Some(oldest) => oldest.report = None,
                None => break,
            }
        }
    }

    pub(crate) fn find_mut(&mut self, photo: &Photo, spec: &PhotoSpec) -> Option<&mut Pinned> {
        let photo = Identity::of(photo);
        self.results.iter_mut().find(|r| r.figures.spec == *spec && r.photo == photo)
    }

    /// What models of the eye make of a kept result has become known.
    pub fn take_eye(&mut self, photo: &Photo, spec: &PhotoSpec, eye: EyeError) {
        if let Some(result) = self.find_mut(photo, spec) {
            result.figures.eye = Some(eye);
        }
    }

    /// The size of a kept result's file has become known, or better known.
    pub fn take_size(&mut self, photo: &Photo, spec: &PhotoSpec, original: PngSize, reduced: PngSize) {
        if let Some(result) = self.find_mut(photo, spec) {
            let truth = SizeTruth::new(
                photo,
                (&result.figures.spec, result.figures.rate),
                original.alike(reduced),
                reduced.bytes(),
            );
            result.sizes = Some(truth);
        }
    }
}

impl Pinned {
    /// "16 colours", "PICO-8".
    pub fn title(&self) -> String {
        self.figures.spec.title()
    }

    /// Whether the result is of this photo, known by name, path, file length and size in pixels.
    pub fn is_of(&self, photo: &Photo) -> bool {
        self.photo == Identity::of(photo)
    }

    /// Whether the result is of a photo of the tray, whose pixels need not be in memory, with whatever edits.
    pub(crate) fn is_of_open(&self, photo: &OpenPhoto) -> bool {
        let Identity { name, path, file_bytes, extent, edits } = &self.photo;
        let is_same = *file_bytes == photo.file_bytes && (*extent == photo.extent || !edits.is_none());
        is_same && *name == photo.name && path.as_deref() == photo.path()
    }

    /// What was done to its photo before it was reduced.
    pub(crate) fn edits(&self) -> PhotoEdits {
        self.photo.edits
    }

    /// The size of the result's file, and how it compares with the photo's own: "151 kB, −68 %".
    pub(crate) fn size_text(&self) -> String {
        self.sizes.map_or("…".to_owned(), SizeTruth::written)
    }

    /// The length of the file that is written of it.
    pub fn bytes(&self) -> Option<u64> {
        self.sizes.map(|sizes| sizes.written_bytes)
    }
}

pub(crate) fn compare(a: &Pinned, b: &Pinned, by: SortBy) -> Ordering {
    let (x, y) = (&a.figures, &b.figures);
    // Those that are not known go before all others.
    let of_eyes = |figure: fn(EyeError) -> Option<f64>| {
        let [x, y] = [x, y].map(|figures| figures.eye.and_then(figure).unwrap_or(f64::NEG_INFINITY));
        x.total_cmp(&y)
    };
    match by {
        SortBy::Number => a.number.cmp(&b.number),
        SortBy::Settings => (x.spec.title(), x.spec.words()).cmp(&(y.spec.title(), y.spec.words())),
        SortBy::Colors => x.colors.cmp(&y.colors),
        SortBy::Ssimulacra2 => of_eyes(|eye| eye.ssimulacra2),
        SortBy::Butteraugli => of_eyes(|eye| eye.butteraugli_3norm),
        SortBy::Afar => of_eyes(|eye| Some(eye.afar)),
        SortBy::Psnr => x.error.psnr_db.total_cmp(&y.error.psnr_db),
        SortBy::DeltaE => x.error.delta_e_mean.total_cmp(&y.error.delta_e_mean),
        SortBy::DeltaE95 => x.error.delta_e_p95.total_cmp(&y.error.delta_e_p95),
        SortBy::Bytes => a.bytes().cmp(&b.bytes()),
    }
}
