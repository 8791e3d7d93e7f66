//! What the results take in memory, so that those that are not on show can be bounded together.

use std::sync::Arc;

use egui_plot::PlotPoint;

use crate::engine::metric::EyeError;
use crate::export::packed::{PngFile, PngSize};
use crate::jobs::Held;
use crate::lesson::exhibits::blind::summary::Line;
use crate::lesson::exhibits::choosing::compute::Choosing;
use crate::lesson::exhibits::feedback::compute::{LayerFeedback, PhotoFeedback};
use crate::lesson::exhibits::jpeg::compute::{JpegReport, RoundedPixels, Transformed};
use crate::lesson::exhibits::local::dark_photo::DarkPhoto;
use crate::lesson::exhibits::local::outlier::Outlier;
use crate::lesson::exhibits::numbers::number_line::Reading;
use crate::lesson::exhibits::streaming::compute::{Moment, Streams};
use crate::lesson::exhibits::why::driver::Journey;
use crate::lesson::exhibits::why::gaussian_fit::GaussianFit;
use crate::lesson::exhibits::why::neighbours::Neighbours;
use crate::picture::{Picture, Pixels};
use crate::run::bin_members::BinMembers;
use crate::run::cloud::CloudReport;
use crate::run::model::generation::Generation;
use crate::run::model::kl_report::KlReport;
use crate::run::model::loaded::LoadedModel;
use crate::run::model::runnable::Sensitivity;
use crate::run::report::{PhotoOriginal, PhotoReport, RatePoint, TensorOriginal, TensorReport};
use crate::run::spread::Spread;
use crate::run::target::Point;
use crate::signal::sound::coder::{Sound, SoundReport};
use crate::source::imatrix::Importance;
use crate::source::photo::Photo;
use crate::view::learn::exhibits::feedback_model::ModelComparison;
use crate::view::weights::budget::outcome::Outcome;
use crate::view::weights::budget::write::Written;
use crate::view::work::Saved;

/// A picture with the pixels that it stands for, should they be its own.
fn of_picture(picture: &Picture) -> usize {
    let pixels = match &picture.pixels {
        Pixels::Rgba(image) => size_of_val(image.rgba.as_slice()),
        Pixels::Indexed { .. } => 0,
    };
    picture.bytes() + pixels
}

/// A model with its matrices decoded.
fn of_model(loaded: &LoadedModel) -> usize {
    loaded.model.total_values() as usize * size_of::<f32>()
}

macro_rules! held {
    ($($kind:ty: |$value:pat_param| $bytes:expr;)*) => {
        $(impl Held for $kind {
            fn bytes(&self) -> usize {
                let $value = self;
                $bytes
            }
        })*
    };
}

held! {
    Photo: |it| size_of_val(it.image.rgba.as_slice());
    PhotoOriginal: |it| of_picture(&it.picture);
    PhotoReport: |it| PhotoReport::bytes(it);
    PhotoFeedback: |it| it.nearest.bytes() + it.diffused.bytes();
    PngFile: |it| it.bytes.len();
    Arc<Picture>: |it| of_picture(it);
    Vec<Point>: |it| it.len() * 256;
    Point: |_| 256;
    CloudReport: |it| it.cloud.points.len() * 64;
    Neighbours: |it| of_picture(&it.square) + of_picture(&it.picture);
    DarkPhoto: |it| of_picture(&it.original) + it.cases.iter().map(|case| of_picture(&case.picture)).sum::<usize>();
    Transformed: |it| it.bytes();
    JpegReport: |it| of_picture(&it.picture) + of_picture(&it.error_map) + it.file.len();
    RoundedPixels: |it| it.report.bytes();
    TensorOriginal: |it| of_picture(&it.picture) + size_of_val(&*it.values);
    TensorReport: |it| of_picture(&it.picture) + of_picture(&it.error_map) + it.decoded.len() * 6;
    Spread: |it| it.values() * size_of::<f32>();
    BinMembers: |it| of_picture(&it.veil);
    LayerFeedback: |it| it.ways.iter().map(|way| of_picture(&way.error_map)).sum::<usize>();
    LoadedModel: |it| of_model(it);
    ModelComparison: |it| it.bytes;
    Streams: |it| it.bytes();
    Moment: |it| it.picture.as_ref().map_or(0, |picture| of_picture(picture));
    Sound: |it| of_picture(&it.spectrogram) + 4 * size_of_val(&*it.samples);
    [SoundReport; 3]: |it| it.iter().map(|one| of_picture(&one.spectrogram) + size_of_val(&*one.samples)).sum();
    Importance: |_| 0;
    Result<Arc<Outcome>, String>: |_| 0;
    Option<KlReport>: |_| 0;
    Vec<Option<f64>>: |it| it.len() * 16;
    Vec<PlotPoint>: |it| size_of_val(it.as_slice());
    Vec<RatePoint>: |it| size_of_val(it.as_slice());
    Vec<Sensitivity>: |it| size_of_val(it.as_slice());
    Vec<Line>: |it| size_of_val(it.as_slice());
    Vec<Reading>: |it| size_of_val(it.as_slice());
    Choosing: |it| size_of_val(it.points.as_slice());
    GaussianFit: |it| size_of_val(it.counts.as_slice());
    Outlier: |it| size_of_val(it.row.as_slice());
    Journey: |it| size_of_val(it.angles.as_slice());
    Generation: |_| 0;
    EyeError: |_| 0;
    PngSize: |_| 0;
    Saved: |_| 0;
    Written: |_| 0;
}
