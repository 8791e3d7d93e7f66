//! All that runs beside the window: one slot for each result that can be asked for on its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::engine::control::{Control, Failure};
use crate::engine::format::{Format, Row};
use crate::export;
use crate::export::batch::{Batch, Outcome};
use crate::export::packed::PngSize;
use crate::jobs::{self, Running, Slot, Sweep, Wake, each};
use crate::lesson::{self, Lesson};
use crate::palette::Fixed;
use crate::picture;
use crate::run::format_comparison::{self, Rank};
use crate::run::microscope::{Lens, Prepared, look, row_around};
use crate::run::model::loaded::LoadedModel;
use crate::run::report::{PhotoOriginal, PhotoReport, RatePoint, TensorOriginal, TensorReport};
use crate::run::survey::{Finding, Task, survey};
use crate::run::{photo, tensor};
use crate::source::error::OpenError;
use crate::source::family::Family;
use crate::source::folder::{FolderContent, photos_to_open};
use crate::source::imatrix::Imatrix;
use crate::source::open::{Source, open_bytes, open_path};
use crate::source::photo::Photo;
use crate::source::safetensors::Model;
use crate::source::{builtin, palette};
use crate::spec::{Stage, TensorSpec, WeightSettings};
use crate::view::bridge::photo::{METHOD, SPACE};
use crate::view::document::{
    DocumentId, EditedKey, MicroscopeKey, ModelDocument, Origin, PhotoDocument, PhotoKey, TableKey, TensorId,
    TensorKey, TensorRateKey,
};
use crate::view::photo::pane_slots::{PhotoPane, settle};
use crate::view::photo::photo_views::PhotoViews;
use crate::view::photo::photos::{MOST_BYTES, MOST_OF_FOLDER, OpenPhoto, ReadPhoto, pixel_bytes};
use crate::view::weights::weight_views::WeightViews;

/// All that runs beside the window for the photo and the model that are open.
pub struct Work {
    pub(crate) open: Sweep<u64, Opened>,
    /// The photo with its edits.
    pub(crate) edited: Slot<EditedKey, Photo>,
    /// A photo whose pixels were let go, read again.
    pub(crate) reopen: Sweep<DocumentId, Result<ReadPhoto, String>>,
    /// Files of a batch that is written.
    pub(crate) batch: Sweep<u64, Outcome>,
    pub(crate) photo_original: Slot<DocumentId, PhotoOriginal>,
    /// One for each pane of the settings, in their order: [`Work::set_photo_panes`].
    pub(crate) photo_panes: Vec<PhotoPane>,
    pub(crate) bridge_photo: PhotoPane,
    pub(crate) photo_views: PhotoViews,
    pub(crate) full_png: Slot<DocumentId, PngSize>,
    pub(crate) weight_views: WeightViews,
    pub(crate) photo_rate: Slot<DocumentId, Vec<RatePoint>>,
    /// The tensor looked at, as it is stored.
    pub tensor_original: Slot<TensorId, TensorOriginal>,
    /// Its reductions, a pane each.
    pub tensor_panes: [Slot<TensorKey, TensorReport>; 3],
    pub(crate) bridge_tensor: Slot<TensorKey, TensorReport>,
    pub(crate) tensor_rate: Slot<TensorRateKey, Vec<RatePoint>>,
    /// The figures of all tensors, cell by cell.
    pub table: Sweep<TableKey, Finding>,
    pub(crate) format_comparison: Sweep<TensorId, Rank>,
    pub(crate) microscope: Sweep<MicroscopeKey, Lens>,
    /// A model that runs, for the model that is open.
    pub(crate) loaded: Slot<DocumentId, LoadedModel>,
    pub(crate) save: Slot<u64, Saved>,
    /// The two kept results that are compared.
    pub(crate) versus: [Slot<PhotoKey, PhotoReport>; 2],
}

/// A file to be written, and the work that makes its bytes.
pub(crate) struct SaveJob {
    pub path: PathBuf,
    /// Whether a file that is there may be replaced.
    pub replace: bool,
    pub bytes: Bytes,
}

/// Makes a file's bytes, beside the window.
pub(super) type Bytes = Box<dyn FnOnce(&Control<'_>) -> Result<Arc<Vec<u8>>, Failure> + Send>;

/// What became of a file that was to be written.
pub(crate) enum Saved {
    Done {
        path: PathBuf,
        bytes: u64,
    },
    /// There is a file of that name, and it is as it was.
    Taken(PathBuf),
}

/// What a file holds.
pub(crate) enum Arrival {
    Photo(ReadPhoto),
    /// How a photo that came without a file is read again.
    Packed(String, Arc<Vec<u8>>),
    Folder(FolderReport),
    Model(Arc<Model>),
    Palette(Fixed),
    Lesson(Arc<Lesson>),
    Imatrix(Arc<Imatrix>),
}

/// What became of a folder of photos, once those in it have come.
pub(crate) struct FolderReport {
    pub opened: usize,
    /// Things that are no photos.
    pub others: usize,
    /// Photos that cannot be read, each with its cause.
    pub failed: Vec<String>,
    /// Whether the folder holds more than was opened.
    pub is_cut: bool,
}

/// A file or sample that was opened, or why it could not be.
pub(crate) struct Opened {
    pub path: Option<PathBuf>,
    pub outcome: Result<Arrival, String>,
    /// Whether nothing more comes of the same thing to open.
    pub is_last: bool,
}

impl Work {
    /// Nothing runs yet; `wake` draws the next frame when a result is there, and `wake_soon` when a cell of a table is.
    pub fn new(wake: &Wake, wake_soon: &Wake) -> Self {
        Self {
            open: Sweep::new("Opening", wake.clone()),
            edited: Slot::new("Editing the photo", wake.clone()).keep_previews(),
            reopen: Sweep::new("Reading the photo", wake.clone()),
            batch: Sweep::new("Saving", wake.clone()),
            photo_original: Slot::new("Reading the photo", wake.clone()),
            photo_panes: Vec::new(),
            bridge_photo: PhotoPane::new(wake),
            photo_views: PhotoViews::new(wake),
            weight_views: WeightViews::new(wake),
            full_png: Slot::new("Compressing", wake.clone()),
            photo_rate: Slot::new("Measuring the dial's stops", wake.clone()),
            tensor_original: Slot::new("Reading the tensor", wake.clone()),
            tensor_panes: [(); 3].map(|()| Slot::new("Reducing the tensor", wake.clone())),
            bridge_tensor: Slot::new("Reducing the tensor", wake.clone()),
            tensor_rate: Slot::new("Measuring the dial's stops", wake.clone()),
            table: Sweep::new("Measuring all tensors", wake_soon.clone()),
            format_comparison: Sweep::new("Measuring all formats", wake_soon.clone()),
            microscope: Sweep::new("Looking at the weight", wake.clone()),
            loaded: Slot::new("Making the model run", wake.clone()),
            save: Slot::new("Saving", wake.clone()).once(),
            versus: [(); 2].map(|()| Slot::new("Reducing the photo", wake.clone())),
        }
    }

    /// All jobs, in the order in which a user waits for them. The fields are named one by one and none is left out, so
    /// that one that is added must be given its place here.
    pub fn jobs(&mut self) -> impl Iterator<Item = &mut dyn Running> {
        let Self {
            open,
            edited,
            reopen,
            batch,
            photo_original,
            photo_panes,
            bridge_photo,
            photo_views,
            full_png,
            weight_views,
            photo_rate,
            tensor_original,
            tensor_panes,
            bridge_tensor,
            tensor_rate,
            table,
            format_comparison,
            microscope,
            loaded,
            save,
            versus,
        } = self;
        let panes = photo_panes.iter_mut().chain([bridge_photo]).map(PhotoPane::jobs);
        let (reports, files): (Vec<_>, Vec<_>) = panes.map(|[report, file]| (report, file)).unzip();
        let first: [&mut dyn Running; 6] = [open, reopen, save, batch, edited, photo_original];
        let then: [&mut dyn Running; 5] = [bridge_tensor, tensor_original, format_comparison, microscope, table];
        let last: [&mut dyn Running; 4] = [full_png, photo_rate, tensor_rate, loaded];
        first
            .into_iter()
            .chain(reports)
            .chain(each(versus))
            .chain(photo_views.jobs())
            .chain(weight_views.jobs())
            .chain(each(tensor_panes))
            .chain(then)
            .chain(files)
            .chain(last)
    }

    /// There are so many panes of the photo.
    pub(crate) fn set_photo_panes(&mut self, count: usize, wake: &Wake) {
        self.photo_panes.resize_with(count, || PhotoPane::new(wake));
    }

    /// A pane of the photo is closed: its results go, and those of the panes behind it go with their panes.
    pub(crate) fn close_photo_pane(&mut self, pane: usize) {
        if pane < self.photo_panes.len() {
            self.photo_panes.remove(pane);
            self.photo_views.close_pane(pane);
        }
    }

    /// The original of a tensor of a model, if it is the one that is there.
    pub(crate) fn original_of(&self, tensor: TensorId) -> Option<&Arc<TensorOriginal>> {
        self.tensor_original.shown().filter(|(key, _)| **key == tensor).map(|(_, original)| original)
    }

    /// Whether what the photo's panes show is still to come.
    pub(crate) fn is_photo_busy(&self) -> bool {
        self.photo_original.is_busy() || self.photo_panes.iter().chain([&self.bridge_photo]).any(|p| p.report.is_busy())
    }

    /// Whether the user has stopped a reduction of the photo: then nothing more is begun of it.
    pub(crate) fn is_photo_cancelled(&self) -> bool {
        self.photo_panes.iter().chain([&self.bridge_photo]).any(|p| p.report.is_cancelled())
    }

    /// Whether what the panes of the weights show is still to come. Their table, which may take minutes, holds nothing up.
    pub(crate) fn is_weights_busy(&self) -> bool {
        self.tensor_original.is_busy() || self.tensor_panes.iter().chain([&self.bridge_tensor]).any(|s| s.is_busy())
    }

    pub(crate) fn request_open(&mut self, batch: u64, origins: &[Origin]) {
        if self.open.wanted() == Some(&batch) {
            return;
        }
        let origins = origins.to_vec();
        self.open.request(batch, move |emit, control| {
            let mut room = MOST_BYTES;
            for (i, origin) in origins.iter().enumerate() {
                control.check()?;
                let share = |done: f32| control.progress((i as f32 + done) / origins.len() as f32);
                share(0.0);
                let send = |opened: Opened| emit.emit(bounded(opened, &mut room));
                open_origin(origin, send, &control.with_progress(&share))?;
            }
            Ok(())
        });
    }

    /// Asks for the pixels of a photo that is open and whose pixels were let go.
    pub(crate) fn request_reopen(&mut self, photo: &OpenPhoto) {
        let origin = photo.origin.clone();
        self.reopen.request(photo.id, move |emit, _| {
            emit.emit(read_photo(&origin).map(|photo| ReadPhoto::new(origin, photo)));
            Ok(())
        });
    }

    /// Writes the files of a batch.
    pub(crate) fn request_batch(&mut self, id: u64, batch: Batch) {
        self.batch.request(id, move |emit, control| {
            Ok(jobs::in_background(|| batch.write(&|outcome| emit.emit(outcome), control))?)
        });
    }

    pub(crate) fn request_photo_original(&mut self, document: &PhotoDocument) {
        let image = document.photo.image.clone();
        self.photo_original.request(document.id, move |emit, control| {
            if photo::preview_pays(&image) {
                emit.emit(photo::original(&image, Stage::Preview, control)?);
            }
            emit.emit_final(photo::original(&image, Stage::Full, control)?);
            Ok(())
        });
    }

    /// The size of the photo's own PNG in full colour, beside which the reductions' sizes stand.
    pub(crate) fn request_full_png(&mut self, document: &PhotoDocument) {
        let image = document.photo.image.clone();
        self.full_png.request(document.id, move |emit, control| {
            let quick = export::packed::original(&image, control)?;
            emit.emit(quick.size);
            settle(image.rgba.len(), control)?;
            emit.emit_final(jobs::in_turn(control, || quick.packed(control))??.size);
            Ok(())
        });
    }

    /// The photo at all stops of the dial, under the settings of the bridge.
    pub(crate) fn request_photo_rate(&mut self, document: &PhotoDocument) {
        let image = document.photo.image.clone();
        self.photo_rate.request_value(document.id, move |control| {
            jobs::in_background(|| photo::rate_curve(&image, METHOD, SPACE, control))
        });
    }

    /// Asks for the original of a tensor that has weights; the others say for themselves why they have none.
    pub fn request_tensor_original(&mut self, document: &ModelDocument, tensor: usize) {
        if document.model.tensors.get(tensor).is_none_or(|info| info.unreadable().is_some()) {
            return;
        }
        let model = document.model.clone();
        self.tensor_original
            .request_value(document.tensor_id(tensor), move |control| tensor::original(&model, tensor, control));
    }

    /// The model made to run; where it cannot, the sample.
    pub(crate) fn request_loaded(&mut self, document: &ModelDocument) {
        let model = document.model.clone();
        self.loaded.request_value(document.id, move |control| LoadedModel::of(model, control));
    }

    pub(crate) fn request_tensor_rate(&mut self, document: &ModelDocument, tensor: usize, settings: WeightSettings) {
        let model = document.model.clone();
        let key = TensorRateKey { tensor: document.tensor_id(tensor), settings };
        self.tensor_rate.request_value(key, move |control| {
            jobs::in_background(|| tensor::rate_curve(&model, tensor, settings, control))
        });
    }

    /// `missing` lists the cells that are still to be measured; it is called only when something new is wanted.
    pub fn request_table(&mut self, document: &ModelDocument, key: &TableKey, missing: impl FnOnce() -> Vec<Task>) {
        if self.table.wanted() == Some(key) {
            return;
        }
        let (model, tasks) = (document.model.clone(), missing());
        self.table.request(key.clone(), move |emit, control| {
            jobs::in_background(|| survey(&model, &tasks, &|finding| emit.emit(finding), control))?;
            Ok(())
        });
    }

    /// `rows` are the formats that are still to be measured.
    pub(crate) fn request_format_comparison(
        &mut self,
        document: &ModelDocument,
        tensor: usize,
        rows: Vec<&'static Row>,
    ) {
        let (model, key) = (document.model.clone(), document.tensor_id(tensor));
        if rows.is_empty() && self.format_comparison.wanted() != Some(&key) {
            self.format_comparison.clear();
        }
        if rows.is_empty() {
            return;
        }
        self.format_comparison.request(key, move |emit, control| {
            jobs::in_background(|| {
                format_comparison::measure(&model, tensor, &rows, &|rank| emit.emit(rank), control)
            })?;
            Ok(())
        });
    }

    /// The weight at `index` in every format; weights of the same row come with it.
    pub(crate) fn request_microscope(
        &mut self,
        document: &ModelDocument,
        tensor: usize,
        index: usize,
        shared: &Prepared,
    ) {
        let Some(info) = document.model.tensors.get(tensor) else { return };
        let start = row_around(index, info.values, info.row_len().max(1)).start;
        let (model, shared) = (document.model.clone(), shared.clone());
        let key = MicroscopeKey { tensor: document.tensor_id(tensor), start };
        self.microscope.request(key, move |emit, control| {
            look(&model, (tensor, start), &shared, &|lens| emit.emit(lens), control)?;
            Ok(())
        });
    }

    pub(crate) fn request_save(&mut self, id: u64, job: SaveJob) {
        self.save.request(id, move |emit, control: &Control<'_>| {
            if !job.replace && export::destination::is_taken(&job.path) {
                emit.emit(Saved::Taken(job.path));
                return Ok(());
            }
            let bytes = (job.bytes)(control)?;
            export::write_whole(&job.path, &bytes)?;
            emit.emit(Saved::Done { path: job.path, bytes: bytes.len() as u64 });
            Ok(())
        });
    }
}

/// A photo keeps its pixels as long as there is `room` for them, and is read again when it is chosen: however many are
/// opened, those that wait to be taken are few.
fn bounded(mut opened: Opened, room: &mut usize) -> Opened {
    if let Ok(Arrival::Photo(read)) = &mut opened.outcome {
        // The first one is shown.
        let is_first = *room == MOST_BYTES;
        let left = read.photo.as_deref().and_then(|photo| room.checked_sub(pixel_bytes(photo)));
        read.photo = read.photo.take().filter(|_| is_first || left.is_some());
        *room = left.unwrap_or(0);
    }
    opened
}

/// Opens a file, or the photos of a folder one by one.
fn open_origin(origin: &Origin, mut send: impl FnMut(Opened), control: &Control<'_>) -> Result<(), Failure> {
    if let Origin::Path(path) = origin
        && let Some(folder) = photos_to_open(path, || control.check())?
    {
        return open_folder(path, &folder, send, control);
    }
    let path = origin.path().map(Path::to_owned);
    let outcome = opened(origin);
    let pasted = match (&outcome, origin) {
        (Ok(Arrival::Photo(_)), Origin::Pasted(photo)) => Some(photo),
        _ => None,
    };
    send(Opened { path, outcome, is_last: pasted.is_none() });
    if let Some(photo) = pasted {
        let image = &photo.image;
        let png = picture::png::true_png(image.width, image.height, &image.rgba, control)?;
        let outcome = Ok(Arrival::Packed(photo.name.clone(), Arc::new(png)));
        send(Opened { path: None, outcome, is_last: true });
    }
    Ok(())
}

fn open_folder(
    path: &Path,
    folder: &FolderContent,
    mut send: impl FnMut(Opened),
    control: &Control<'_>,
) -> Result<(), Failure> {
    let photos = folder.photos.get(..MOST_OF_FOLDER).unwrap_or(&folder.photos);
    let is_cut = photos.len() < folder.photos.len();
    let mut report = FolderReport { opened: 0, others: folder.others, failed: Vec::new(), is_cut };
    for (i, photo) in photos.iter().enumerate() {
        control.check()?;
        control.progress(i as f32 / photos.len() as f32);
        match opened(&Origin::Of(Family::Photo, photo.clone())) {
            Ok(arrival) => {
                report.opened += 1;
                send(Opened { path: None, outcome: Ok(arrival), is_last: false });
            }
            Err(why) => report.failed.push(why),
        }
    }
    send(Opened { path: Some(path.to_owned()), outcome: Ok(Arrival::Folder(report)), is_last: true });
    Ok(())
}

/// The pixels of a photo that is to be read again.
///
/// # Errors
/// Why it cannot be, for people.
pub(crate) fn read_photo(origin: &Origin) -> Result<Arc<Photo>, String> {
    let source = match origin {
        Origin::Pasted(photo) => return Ok(photo.clone()),
        Origin::Path(path) | Origin::Of(_, path) => open_path(path),
        Origin::Carried(file) => open_bytes(&file.name, file.bytes.to_vec()),
        Origin::Packed(name, png) => open_bytes(name, png.to_vec()),
        Origin::SamplePhoto => builtin::photo(),
        Origin::SampleModel => builtin::model(),
    };
    match (source.map_err(|e| e.to_string())?, origin) {
        (Source::Photo(photo), Origin::Packed(name, _)) => {
            Ok(Arc::new(Photo::without_file(name.clone(), photo.image.clone())))
        }
        (Source::Photo(photo), _) => Ok(photo),
        (Source::Model(_), _) => Err(format!("{} holds a model now", origin.name())),
    }
}

fn opened(origin: &Origin) -> Result<Arrival, String> {
    let source = |opened: Result<Source, OpenError>| match opened {
        Ok(Source::Photo(photo)) => Ok(Arrival::Photo(ReadPhoto::new(origin.clone(), photo))),
        Ok(Source::Model(model)) => Ok(Arrival::Model(model)),
        Err(error) => Err(error.to_string()),
    };
    let of_path = |family: Option<Family>, path: &Path| of_family(family, path, || source(open_path(path)));
    match origin {
        Origin::Carried(file) => source(open_bytes(&file.name, file.bytes.to_vec())),
        Origin::Path(path) => of_path(Family::of(path), path),
        Origin::Of(family, path) => of_path(Some(*family), path),
        Origin::SampleModel => source(builtin::model()),
        Origin::Pasted(_) | Origin::Packed(..) | Origin::SamplePhoto => {
            read_photo(origin).map(|photo| Arrival::Photo(ReadPhoto::new(origin.clone(), photo)))
        }
    }
}

fn of_family(
    family: Option<Family>,
    path: &Path,
    photo_or_model: impl FnOnce() -> Result<Arrival, String>,
) -> Result<Arrival, String> {
    match family {
        Some(Family::Lesson) => lesson::open(path).map(|l| Arrival::Lesson(Arc::new(l))).map_err(|e| e.to_string()),
        Some(Family::Palette) => palette::open(path).map(Arrival::Palette).map_err(|e| e.to_string()),
        Some(Family::Importance) => match Imatrix::open(path) {
            Ok(imatrix) => Ok(Arrival::Imatrix(Arc::new(imatrix))),
            Err(e) => Err(e.to_string()),
        },
        Some(Family::Photo | Family::Model) | None => photo_or_model(),
    }
}

/// Asks for a tensor's reduction; `original` must be of the same tensor.
pub fn request_tensor(
    slot: &mut Slot<TensorKey, TensorReport>,
    document: &ModelDocument,
    original: &Arc<TensorOriginal>,
    format: Format,
) {
    let (model, original) = (document.model.clone(), original.clone());
    let spec = TensorSpec { tensor: original.tensor, format };
    slot.request(TensorKey { document: document.id, spec }, move |emit, control| {
        if let Some(preview) = tensor::reduce(&model, &original, format, Stage::Preview, control)? {
            emit.emit(preview);
        }
        if let Some(full) = tensor::reduce(&model, &original, format, Stage::Full, control)? {
            emit.emit_final(full);
        }
        Ok(())
    });
}
