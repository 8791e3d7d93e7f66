use quantscope::engine::control::Control;
use quantscope::lesson::exhibits::blind::summary::*;
use quantscope::picture::image::Image;
use quantscope::run::model::loaded::LoadedModel;
use quantscope::source::builtin;
use quantscope::source::open::Source;

#[test]
fn every_stop_costs_more_error_and_buys_fewer_bits() {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
    let control = Control::unwatched();
    let loaded = LoadedModel::of(model, &control).unwrap();
    let rgba = (0..64 * 48u32).map(|i| [(i % 64 * 4) as u8, (i / 64 * 5) as u8, (i % 48) as u8, 255]).collect();
    let image = Image::new(64, 48, rgba);
    let mut found: Vec<Line> = Vec::new();
    let mut whole = Vec::new();
    let mut take = |lines: &[Line], last: bool| {
        whole.push((lines.len(), last));
        found = lines.to_vec();
    };
    summary(&image, &loaded, &mut take, &control).unwrap();
    assert_eq!(whole, (1..=7).map(|n| (n, n == 7)).collect::<Vec<_>>());
    for pair in found.windows(2) {
        let [more, fewer] = pair else { continue };
        assert!(more.photo.error.psnr_db > fewer.photo.error.psnr_db);
        assert!(more.photo.rate.bits_per_sample() > fewer.photo.rate.bits_per_sample());
        assert!(more.generation.rate.bits_per_sample() > fewer.generation.rate.bits_per_sample());
        assert!(more.generation.error.relative_error() < fewer.generation.error.relative_error());
        assert!(more.generation.evaluation.is_some());
    }
}
