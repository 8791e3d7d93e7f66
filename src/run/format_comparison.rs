//! One tensor under every format of the table: the points of the format comparison.
//!
//! Cheap formats come first, so that the plot fills at once. What searches or learns for long is measured on
//! rows spread over a large tensor instead of on all of them, and says so: its bits are the tensor's, with a
//! codebook counted once for all weights.

use super::tensor::{self, readable};
use crate::engine::control::{Control, Failure, Stopped};
use crate::engine::format::{Clip, Coder, Encoder, Format, LevelRule, Row, table};
use crate::engine::theory::frontier::Point;
use crate::source::model::Model;
use crate::spec::TensorSpec;

/// One format of the table, measured.
#[derive(Clone, Debug)]
pub struct Rank {
    /// The format's line in the table of formats.
    pub row: &'static Row,
    /// Or what is wrong with this tensor under this format.
    pub outcome: Result<Place, String>,
}

/// Size and error of a tensor under one format.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Bits a weight of the whole tensor, side information included and a codebook counted once.
    pub bits: f64,
    /// 10·log10(Σx²/Σe²) over the measured weights; infinite when exact.
    pub sqnr_db: f64,
    /// √(Σe²/Σx²) over the measured weights.
    pub relative_error: f64,
    /// The weights that were measured, where those are not all.
    pub of_sample: Option<usize>,
}

impl Place {
    /// Where the format stands in a plot of SQNR against bits a weight.
    pub fn point(self) -> Point {
        Point { bits: self.bits, db: self.sqnr_db }
    }
}

/// How long a format takes, in steps that matter to who waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Pace {
    /// A pass or two over the weights.
    Fast,
    /// A search for each group.
    Search,
    /// Levels or paths found for the tensor as a whole.
    Slow,
}

impl Pace {
    fn of(format: Format) -> Self {
        match format.rule {
            LevelRule::Coded(Coder { encoder: Encoder::Coding(_), .. }) => Pace::Slow,
            LevelRule::Coded(_) | LevelRule::Fitted(_) => Pace::Search,
            LevelRule::Block(_) | LevelRule::Symmetric | LevelRule::Affine | LevelRule::Table(_) => match format.clip {
                Clip::Searched => Pace::Search,
                _ => Pace::Fast,
            },
        }
    }

    /// Weights that are measured at most.
    fn most(self) -> usize {
        match self {
            Pace::Fast => 1 << 23,
            Pace::Search => 1 << 22,
            Pace::Slow => 1 << 19,
        }
    }
}

/// The formats in the order in which they are measured.
pub fn candidates() -> Vec<&'static Row> {
    let mut rows = table();
    // A stable sort: at the same pace as the table lists them.
    rows.sort_by_key(|row| Pace::of(row.format));
    rows
}

/// Measures the tensor under these rows, one after another; `emit` gets each as soon as it is there.
///
/// # Errors
/// `Stopped` when the work was cancelled; what was emitted stands.
pub fn measure(
    model: &Model,
    tensor: usize,
    rows: &[&'static Row],
    emit: &dyn Fn(Rank),
    control: &Control<'_>,
) -> Result<(), Stopped> {
    let unwatched = |_: f32| {};
    let quiet = control.with_progress(&unwatched);
    for (i, &row) in rows.iter().enumerate() {
        control.check()?;
        let outcome = match place(model, TensorSpec { tensor, format: row.format }, &quiet) {
            Ok(place) => Ok(place),
            Err(Failure::Message(why)) => Err(why),
            Err(Failure::Stopped) => return Err(Stopped),
        };
        emit(Rank { row, outcome });
        control.progress((i + 1) as f32 / rows.len() as f32);
    }
    Ok(())
}

/// Where a format stands for a tensor.
///
/// # Errors
/// `Stopped`, or what is wrong with the tensor.
pub fn place(model: &Model, spec: TensorSpec, control: &Control<'_>) -> Result<Place, Failure> {
    let values = readable(model, spec.tensor)?.values;
    let sampled = tensor::measure_sample(model, spec, Pace::of(spec.format).most(), control)?;
    let (error, rate) = (sampled.error, sampled.rate);
    let once = rate.codebook_bits + rate.table_bits;
    let bits = (rate.total_bits() - once) as f64 / rate.samples.max(1) as f64 + once as f64 / values.max(1) as f64;
    Ok(Place {
        bits,
        sqnr_db: error.sqnr_db(),
        relative_error: error.relative_error(),
        of_sample: (sampled.values < values).then_some(sampled.values),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;
    use crate::source::open::{Source, open_bytes};
    use crate::source::safetensors::one_tensor;

    fn gaussian(rows: usize, columns: usize) -> std::sync::Arc<Model> {
        let mut random = Random::seeded(5);
        let mut uniform = || (random.next_u64() >> 40) as f32 / (1u64 << 24) as f32;
        let values: Vec<f32> = (0..rows * columns).map(|_| (0..12).map(|_| uniform()).sum::<f32>() - 6.0).collect();
        let file = one_tensor("w", &[rows, columns], &values).unwrap();
        let Ok(Source::Model(model)) = open_bytes("w.safetensors", file) else { panic!("opens") };
        model
    }

    #[test]
    fn every_format_of_the_table_takes_part_once_and_the_slow_come_last() {
        let rows = candidates();
        assert_eq!(rows.len(), table().len());
        assert!(rows.iter().all(|row| rows.iter().filter(|other| other.name == row.name).count() == 1));
        let paces: Vec<Pace> = rows.iter().map(|row| Pace::of(row.format)).collect();
        assert!(paces.is_sorted() && paces.first() == Some(&Pace::Fast) && paces.last() == Some(&Pace::Slow));
    }

    #[test]
    fn the_comparison_says_what_a_pane_says_where_all_weights_are_measured() {
        let model = gaussian(64, 256);
        let control = Control::unwatched();
        for name in ["q4_k", "int4-g32-clip", "nf4", "kmeans4-tensor", "learned4"] {
            let spec = TensorSpec { tensor: 0, format: name.parse().unwrap() };
            let (error, rate) = tensor::measure(&model, spec, &control).unwrap();
            let place = place(&model, spec, &control).unwrap();
            assert_eq!((place.sqnr_db, place.of_sample), (error.sqnr_db(), None), "{name}");
            assert!((place.bits - rate.bits_per_sample()).abs() < 1e-12, "{name}");
        }
    }

    #[test]
    fn a_sample_of_rows_stands_for_the_tensor_and_its_codebook_is_counted_once() {
        let model = gaussian(512, 256);
        let control = Control::unwatched();
        let spec = TensorSpec { tensor: 0, format: "kmeans4-tensor".parse().unwrap() };
        let (error, rate) = tensor::measure(&model, spec, &control).unwrap();
        let sampled = tensor::measure_sample(&model, spec, 1 << 14, &control).unwrap();
        assert_eq!(sampled.values, 1 << 14);
        assert!((sampled.error.sqnr_db() - error.sqnr_db()).abs() < 0.2);
        assert_eq!(sampled.rate.codebook_bits, rate.codebook_bits);
    }

    #[test]
    fn a_stopped_comparison_keeps_what_it_has() {
        let model = gaussian(16, 256);
        let stop = std::sync::atomic::AtomicBool::new(false);
        let unwatched = |_: f32| {};
        let control = Control::new(&stop, &unwatched);
        let seen = std::cell::RefCell::new(0);
        let emit = |_: Rank| {
            *seen.borrow_mut() += 1;
            stop.store(*seen.borrow() == 3, std::sync::atomic::Ordering::Relaxed);
        };
        assert_eq!(measure(&model, 0, &candidates(), &emit, &control), Err(Stopped));
        assert_eq!(*seen.borrow(), 3);
    }
}
