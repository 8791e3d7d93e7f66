use quantscope::engine::control::{Control, Stopped};
use quantscope::engine::format::table;
use quantscope::engine::random::Random;
use quantscope::run::format_comparison::*;
use quantscope::run::tensor;
use quantscope::source::model::Model;
use quantscope::source::open::{Source, open_bytes};
use quantscope::source::safetensors::one_tensor;
use quantscope::spec::TensorSpec;

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
