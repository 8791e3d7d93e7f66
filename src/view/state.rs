//! What the user has chosen: plain data, all of it; kept between sessions where it is a preference.

use std::collections::HashMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::engine::format::Format;
use crate::picture::edits::PhotoEdits;
use crate::spec::{PhotoSpec, WeightSettings, usual_formats};
use crate::view::bridge::below::Below;
use crate::view::document::DocumentId;
use crate::view::photo::cloud_state::CloudState;
use crate::view::photo::destination::Destination;
use crate::view::photo::edits::PaletteState;
use crate::view::photo::error_kind::ErrorKind;
use crate::view::photo::history::{History, Snapshot};
use crate::view::photo::photo_state::PhotoState;
use crate::view::photo::settings::{MOST_PANES, PhotoSettings, close_place};
use crate::view::photo::shelf::kept::Shelf;
use crate::view::photo::target_state::TargetState;
use crate::view::photo::tray_state::{Scope, TrayState};
use crate::view::shell::fitting::Fitting;
use crate::view::shell::save_form::SaveForm;
use crate::view::weights::format_comparison_state::FormatComparisonState;
use crate::view::weights::microscope_state::MicroscopeState;
use crate::view::weights::table::state::TableState;
use crate::view::weights::tensor_plot_state::{HoveredWeight, Pointed, TensorPlot, TensorPlots};
use crate::view::widgets::compare::comparison::{CompareState, HoveredPixel};
use crate::view::widgets::compare::mode::Mode;

/// Bits of the three panes of the weights.
pub const WEIGHT_BITS: [u8; 3] = [8, 4, 2];
/// Most opened files that are remembered.
pub const MOST_RECENT: usize = 10;

/// A tab of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// A photo and a tensor side by side, both cut to the dial's bits.
    Bridge,
    /// A photo beside reductions of it.
    Photo,
    /// A model's tensors, the chosen one beside three reductions of it.
    Weights,
    /// The lessons.
    Learn,
}

impl Tab {
    /// All tabs, from left to right.
    pub const ALL: [Tab; 4] = [Tab::Bridge, Tab::Photo, Tab::Weights, Tab::Learn];
}

/// What is shown at the left of the tab of the weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The table of all tensors of the model.
    Tensors,
    /// All formats on the chosen tensor: error against bits.
    FormatComparison,
    /// The weight under the pointer in every format at once.
    Microscope,
    /// A format for each tensor under a budget of bits.
    Budget,
}

impl Side {
    /// All views, in the order of their buttons.
    pub const ALL: [Side; 4] = [Side::Tensors, Side::FormatComparison, Side::Microscope, Side::Budget];
}

/// Everything on screen that is not a result.
pub struct State {
    /// The tab that is shown.
    pub tab: Tab,
    /// Bits of the dial, one of [`crate::run::DIAL`].
    pub dial: u8,
    /// How the photo is reduced.
    pub photo: PhotoSettings,
    /// What all integer formats of the weights share; each adds its bits.
    pub weights: WeightSettings,
    /// Panes of the weights that show a format of their own, whatever the settings; at first all of them.
    pub pane_formats: [Option<Format>; 3],
    /// What stands below on the bridge.
    pub below: Below,
    /// The tensor looked at, by its place in the file.
    pub tensor: usize,
    /// How the photo's panes are compared.
    pub photo_mode: Mode,
    /// What the photo's error maps show.
    pub photo_error: ErrorKind,
    /// How the photo's colours in space are viewed.
    pub cloud: CloudState,
    /// Whether the magnifier is on.
    pub lens: bool,
    /// Plots of the chosen tensor.
    pub tensor_plots: TensorPlots,
    /// How the panes of the weights are compared.
    pub weights_mode: Mode,
    /// The reduction that settings, split, flicker, palette and histogram are about: less than the number of panes.
    pub photo_pane: usize,
    /// Whether a change of goal, method, space, dither or tiles is one of all panes.
    pub all_panes: bool,
    /// Whether method, space, dither and tiles are shown even where they serve a goal.
    pub custom: bool,
    /// Where the photo's panes were on screen in the last frame, pictures and palettes.
    pub photo_places: Vec<(usize, egui::Rect)>,
    /// Where the photo's pictures end at the foot in this frame, while they are on screen.
    pub pictures_end: Option<f32>,
    /// The pixel of the photo that was clicked for its menu.
    pub menu_pixel: Option<(u32, u32)>,
    /// Whether what stands around the photo's pictures is hidden.
    pub panels_hidden: bool,
    /// Whether the panel of palettes, histograms and figures below them is folded up.
    pub figures_folded: bool,
    /// The reduction of the weights that split, flicker, plots and a choice of format are about: 0, 1 or 2.
    pub weights_pane: usize,
    /// What is shown at the left of the tab of the weights.
    pub weights_side: Side,
    /// The families, the vertical axis and the cursor of the format comparison.
    pub format_comparison: FormatComparisonState,
    /// The weight in the microscope, and the order of its list.
    pub microscope: MicroscopeState,
    /// How the photo's palettes are shown and edited.
    pub palette: PaletteState,
    /// The window of bytes and quality.
    pub target: TargetState,
    /// The kept results, those of photos that were open before included.
    pub shelf: Shelf,
    /// The states that undo and redo lead to, of the photo that is on show.
    pub history: History,
    /// The tray of photos, and whom settings are for.
    pub tray: TrayState,
    /// What the other photos that are open have of their own.
    pub other_photos: HashMap<DocumentId, PhotoState>,
    /// Zoom, place and textures of the photo on the bridge.
    pub bridge_photo: CompareState,
    /// Zoom, place and textures of the tensor on the bridge.
    pub bridge_weights: CompareState,
    /// Zoom, place and textures of the panes on the tab of the photo.
    pub compare_photo: CompareState,
    /// Zoom, place and textures of the panes on the tab of the weights.
    pub compare_weights: CompareState,
    /// Columns, order, groups and filter of the table of tensors.
    pub table: TableState,
    /// Whether the counts of the weights' histograms are on a logarithmic scale.
    pub log_histogram: bool,
    /// The reduction and the pixel under the pointer, from the last frame.
    pub photo_hover: Option<HoveredPixel>,
    /// The reduction and the weight under the pointer, from the last frame.
    pub weights_hover: Option<HoveredWeight>,
    /// The tensor to look at once the model of a lesson's file is there.
    pub wished_tensor: Option<String>,
    /// What the pointer is over in a plot of the tensor, from the last frame.
    pub pointed: Option<Pointed>,
    /// What the pointer is over, in words, for the status bar; set anew each frame.
    pub hover: String,
    /// The path that is being typed in the window that opens files.
    pub path_field: String,
    /// Whether the window that opens files is shown.
    pub show_open: bool,
    /// Where what is opened in that window goes.
    pub open_to: Destination,
    /// The form for a path to save to, while it is open.
    pub save_form: Option<SaveForm>,
    /// Whether the list of all keys is shown.
    pub show_keys: bool,
    /// What is kept between sessions.
    pub kept: Kept,
}

/// What is kept between sessions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// The files that were opened last, the latest first; at most 10.
    pub recent: Vec<PathBuf>,
    /// The zoom of the window where no lesson is presented.
    pub fitting: Fitting,
    /// The names of the formats that the panes of the weights showed last; nothing before the first time.
    pub pane_formats: Vec<String>,
}

impl Kept {
    /// The panes' formats, as they were left; where a name is not known (any more), what people deploy.
    fn pane_formats(&self) -> [Option<Format>; 3] {
        let usual = usual_formats();
        [0, 1, 2].map(|pane| self.pane_formats.get(pane).and_then(|name| name.parse().ok()).or(Some(usual[pane])))
    }

    /// Puts a file first in the list of recent ones.
    pub fn remember(&mut self, path: PathBuf) {
        self.recent.retain(|p| *p != path);
        self.recent.insert(0, path);
        self.recent.truncate(MOST_RECENT);
    }
}

impl State {
    /// What a pane of the photo is to show: a kept result, or what the settings say; `pane` is less than their number.
    pub fn pane_spec(&self, pane: usize) -> PhotoSpec {
        let kept = self.shelf.shown_in(pane).map(|r| r.figures.spec.clone());
        kept.unwrap_or_else(|| self.photo.pane_spec(pane))
    }

    /// Whether some of what stands around the photo's pictures is out of sight.
    pub fn is_bare(&self) -> bool {
        self.panels_hidden || self.figures_folded
    }

    /// Brings back what is out of sight of it, or hides all of it.
    pub fn toggle_panels(&mut self) {
        self.panels_hidden = !self.is_bare();
        self.figures_folded = false;
    }

    /// What a pane of the photo is to show, told apart from what the others are to show.
    pub fn pane_title(&self, pane: usize) -> String {
        let specs: Vec<PhotoSpec> = (0..self.photo.panes.len()).map(|pane| self.pane_spec(pane)).collect();
        let all: Vec<&PhotoSpec> = specs.iter().collect();
        specs.get(pane).map_or_else(String::new, |spec| spec.title_among(&all))
    }

    /// What undo would have to bring back.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            settings: self.photo.clone(),
            unedited: self.palette.unedited.clone(),
            kept: self.shelf.numbers(),
            shown: self.shelf.shown(),
        }
    }

    /// The end of a frame; `held` as [`History::record`] has it.
    pub fn record(&mut self, held: bool) {
        let now = self.snapshot();
        if self.tray.scope == Scope::All && now.settings != self.history.now().settings {
            self.share_settings();
        }
        self.history.record(now, held);
        let others = &self.other_photos;
        self.shelf.forget(|number| {
            !self.history.mentions(number) && !others.values().any(|photo| photo.history.mentions(number))
        });
    }

    /// The settings on show become those of all photos; locks and edits stay each one's own.
    pub fn share_settings(&mut self) {
        let settings = self.palette.for_all_photos(&self.photo);
        for photo in self.other_photos.values_mut() {
            photo.share(&settings);
        }
    }

    /// Goes back to the state before the last change on the photo's tab, if there is one.
    pub fn undo(&mut self) {
        if let Some(before) = self.history.undo().cloned() {
            self.go_to(before);
            self.share_where_shared();
        }
    }

    /// Makes the change again that was last taken back, if there is one.
    pub fn redo(&mut self) {
        if let Some(after) = self.history.redo().cloned() {
            self.go_to(after);
            self.share_where_shared();
        }
    }

    /// A step back or forth is one of all photos where settings are.
    fn share_where_shared(&mut self) {
        if self.tray.scope == Scope::All {
            self.share_settings();
        }
    }

    /// The pane that changes becomes the chosen one, if it is only one.
    fn go_to(&mut self, to: Snapshot) {
        let (panes, shown) = (&self.photo.panes, self.shelf.shown());
        let changes =
            |pane: &usize| panes.get(*pane) != to.settings.panes.get(*pane) || shown[*pane] != to.shown[*pane];
        if let [pane] = (0..MOST_PANES).filter(changes).collect::<Vec<_>>()[..] {
            self.photo_pane = pane;
        }
        self.photo_pane = self.photo_pane.min(to.settings.panes.len() - 1);
        self.photo = to.settings;
        self.palette.unedited = to.unedited;
        self.palette.close();
        self.shelf.go_to(&to.kept, to.shown);
    }

    /// Adds a pane with the settings of the chosen one, and chooses it.
    pub fn add_pane(&mut self) {
        let like = self.photo_pane;
        if self.photo.panes.add_like(like) {
            let added = self.photo.panes.len() - 1;
            self.palette.unedited[added] = self.palette.unedited[like].clone();
            self.palette.close();
            self.photo_pane = added;
        }
    }

    /// Takes a pane away, unless it is the only one; returns whether it did. The chosen pane stays the chosen one; in
    /// place of a closed one it is the one behind it, or else the last.
    pub fn close_pane(&mut self, pane: usize) -> bool {
        let closes = self.photo.panes.close(pane);
        if closes {
            close_place(&mut self.palette.unedited, pane);
            self.shelf.close_pane(pane);
            // What the other photos have of their own stays with its pane.
            let others = self.other_photos.values_mut().filter(|_| self.tray.scope == Scope::All);
            others.for_each(|photo| photo.close_pane(pane));
            if self.photo_pane == pane {
                self.palette.close();
            }
            let chosen = self.photo_pane - usize::from(self.photo_pane > pane);
            self.photo_pane = chosen.min(self.photo.panes.len() - 1);
        }
        closes
    }

    /// What a photo begins with that was not looked at yet: the settings on show, and nothing else of this photo's. What
    /// is done to this photo before it is reduced is done to that one only where settings are for all.
    fn for_new_photo(&self) -> PhotoState {
        let mut settings = self.palette.for_all_photos(&self.photo);
        if self.tray.scope == Scope::This {
            settings.edits = PhotoEdits::default();
        }
        PhotoState::new(settings, self.shelf.numbers(), self.photo_pane)
    }

    /// A photo is open that was not looked at yet.
    pub fn add_photo(&mut self, id: DocumentId) {
        self.other_photos.insert(id, self.for_new_photo());
    }

    /// A file holds another picture now: what belonged to the photo that was there belongs to the new one.
    pub fn photo_replaced(&mut self, old: DocumentId, new: DocumentId) {
        self.tray.textures.remove(&old);
        match self.other_photos.remove(&old) {
            Some(own) => drop(self.other_photos.insert(new, own)),
            None => self.add_photo(new),
        }
    }

    /// The chosen pane of a photo that is not on show: that of all, or its own.
    pub fn pane_of(&self, photo: &PhotoState) -> usize {
        let pane = if self.tray.scope == Scope::All { self.photo_pane } else { photo.pane };
        pane.min(photo.now.settings.panes.len().saturating_sub(1))
    }

    /// Whether a photo that is not on show has these edits.
    pub(crate) fn has_edits(&self, photo: DocumentId, edits: PhotoEdits) -> bool {
        self.other_photos.get(&photo).is_some_and(|other| other.now.settings.edits == edits)
    }

    /// The chosen pane of a photo that is not on show is to show a kept result.
    pub(crate) fn show_on_other(&mut self, photo: DocumentId, number: u64) {
        let pane = self.other_photos.get(&photo).map_or(0, |other| self.pane_of(other));
        let shown = self.other_photos.get_mut(&photo).and_then(|other| other.now.shown.get_mut(pane));
        if let Some(shown) = shown {
            *shown = Some(number);
        }
    }

    /// Puts aside what belongs to the photo `from`, and brings back what `to` was left with, or what a new one has.
    pub fn change_photo(&mut self, from: Option<DocumentId>, to: DocumentId) {
        self.record(false);
        let next = self.other_photos.remove(&to).unwrap_or_else(|| self.for_new_photo());
        let pane = self.pane_of(&next);
        let last = PhotoState {
            now: self.snapshot(),
            history: std::mem::replace(&mut self.history, next.history),
            pane: std::mem::replace(&mut self.photo_pane, pane),
            marks: std::mem::replace(&mut self.shelf.marks, next.marks),
            viewports: [self.compare_photo.viewport, self.bridge_photo.viewport],
        };
        let kept = self.shelf.numbers();
        self.shelf.go_to(&kept, next.now.shown);
        self.history.catch_up(&kept);
        self.photo = next.now.settings;
        self.palette.unedited = next.now.unedited;
        self.palette.close();
        for (compare, viewport) in [&mut self.compare_photo, &mut self.bridge_photo].into_iter().zip(next.viewports) {
            *compare = CompareState::default();
            compare.viewport = viewport;
        }
        if let Some(from) = from {
            self.other_photos.insert(from, last);
        }
    }

    /// What a pane of the weights shows, and the table's columns with it.
    pub fn pane_format(&self, pane: usize) -> Format {
        self.pane_formats[pane].unwrap_or_else(|| self.weights.format(WEIGHT_BITS[pane]))
    }

    /// The formats that the three panes of the weights show.
    pub fn pane_formats(&self) -> [Format; 3] {
        [0, 1, 2].map(|pane| self.pane_format(pane))
    }

    /// Settings are for all panes.
    pub fn set_weights(&mut self, settings: WeightSettings) {
        (self.weights, self.pane_formats) = (settings, [None; 3]);
    }

    /// What is kept between sessions, as it is now.
    pub fn to_keep(&self) -> Kept {
        Kept { pane_formats: self.pane_formats().map(|format| format.to_string()).to_vec(), ..self.kept.clone() }
    }

    /// Round through the plots below the weights: of all tensors, in their order and by depth, then of the chosen one.
    pub fn next_plot(&mut self) {
        let shown = self.tensor_plots.shown;
        if shown.is_none() && !self.table.by_depth {
            self.table.by_depth = true;
            return;
        }
        self.tensor_plots.shown = TensorPlot::after(shown);
        self.table.by_depth = false;
    }

    /// The state at the start of the program; `kept` is what the last session left.
    pub fn new(kept: Kept) -> Self {
        Self {
            tab: Tab::Bridge,
            dial: 4,
            photo: PhotoSettings::default(),
            weights: WeightSettings::default(),
            pane_formats: kept.pane_formats(),
            below: Below::default(),
            tensor: 0,
            photo_mode: Mode::SideBySide,
            photo_error: ErrorKind::default(),
            cloud: CloudState::default(),
            lens: false,
            tensor_plots: TensorPlots::default(),
            weights_mode: Mode::SideBySide,
            photo_pane: 1,
            all_panes: true,
            custom: false,
            photo_places: Vec::new(),
            pictures_end: None,
            menu_pixel: None,
            panels_hidden: false,
            figures_folded: false,
            weights_pane: 1,
            weights_side: Side::Tensors,
            format_comparison: FormatComparisonState::default(),
            microscope: MicroscopeState::default(),
            palette: PaletteState::default(),
            target: TargetState::default(),
            shelf: Shelf::default(),
            history: History::default(),
            tray: TrayState::default(),
            other_photos: HashMap::new(),
            bridge_photo: CompareState::default(),
            bridge_weights: CompareState::default(),
            compare_photo: CompareState::default(),
            compare_weights: CompareState::default(),
            table: TableState::default(),
            log_histogram: false,
            photo_hover: None,
            weights_hover: None,
            wished_tensor: None,
            pointed: None,
            hover: String::new(),
            path_field: String::new(),
            show_open: false,
            open_to: Destination::Chosen,
            save_form: None,
            show_keys: false,
            kept,
        }
    }
}
