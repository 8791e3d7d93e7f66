use quantscope::engine::control::Control;
use quantscope::picture::image::Image;
use quantscope::run::numbers::*;
use quantscope::run::photo;
use quantscope::run::report::{PhotoCoding, PhotoReport};
use quantscope::run::tensor::Matrix;
use quantscope::spec::{PhotoSpec, Stage};

fn photo_of(width: u32, height: u32) -> Image {
    let pixel = |x: u32, y: u32| [(x * 5 % 256) as u8, (y * 7 % 256) as u8, (x * y % 256) as u8, 255];
    Image::new(width, height, (0..height).flat_map(|y| (0..width).map(move |x| pixel(x, y))).collect())
}

fn under(image: &Image, format: &str) -> PhotoReport {
    photo::reduce(image, PhotoSpec::Numbers(format.parse().unwrap()), Stage::Full, &Control::unwatched()).unwrap()
}

fn note(report: PhotoReport) -> Option<String> {
    let PhotoCoding::Numbers(numbers) = report.coding else { panic!("a palette") };
    numbers.note
}

fn read(image: &Image, channel: usize, row: usize) -> Vec<f32> {
    let plane = Plane { image, channel, row };
    let values = plane.read_all(0..plane.values());
    for (start, end) in [(0, 1), (1, 3), (3, values.len())] {
        let bits = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&plane.read_all(start..end)), bits(&values[start..end]), "{start} {end}");
    }
    values
}

#[test]
fn a_channel_is_a_matrix_of_whole_lines_in_which_hidden_pixels_are_no_numbers() {
    let pixels = vec![[0, 128, 255, 255], [1, 2, 3, 255], [9, 9, 9, 255], [4, 5, 6, 255], [7, 8, 9, 0], [1, 1, 1, 9]];
    let photo = Image::new(3, 2, pixels);
    let red = read(&photo, 0, 4);
    assert_eq!(red[..5], [-128.0, -127.0, -119.0, -119.0, -124.0], "the last pixel fills the line up");
    assert!(red[5].is_nan() && red[6..] == [-127.0; 2]);
    assert_eq!(read(&photo, 2, 3)[..4], [127.0, -125.0, -119.0, -122.0]);
}

#[test]
fn more_bits_mean_less_error_and_the_bits_are_those_of_three_channels() {
    let image = photo_of(256, 40);
    let reports = ["q2_k", "q4_k", "q6_k", "q8_0"].map(|format| under(&image, format));
    assert!(reports.windows(2).all(|w| w[0].error.mse > w[1].error.mse));
    let bits = reports.each_ref().map(|r| r.rate.bits_per_sample());
    assert_eq!(bits, [2.625, 4.5, 6.5625, 8.5].map(|b| 3.0 * b));
}

#[test]
fn a_line_that_is_no_whole_block_is_filled_up_and_counted() {
    let image = photo_of(200, 8);
    let report = under(&image, "q4_k");
    assert_eq!(report.rate.bits_per_sample(), 3.0 * 4.5 * 256.0 / 200.0);
    assert!(report.rate.padding_bits > 0);
    assert!(report.error.psnr_db > 20.0, "and is not stored as something else: {}", report.error.psnr_db);
    assert!(note(report).unwrap().contains("filled up to 256"));
    assert!(note(under(&image, "int4-g32")).is_none());
}

#[test]
fn hidden_pixels_stay_as_they_are_and_alpha_is_counted() {
    let mut image = photo_of(64, 8);
    image.rgba[5] = [9, 9, 9, 0];
    let image = Image::new(64, 8, image.rgba);
    let report = under(&image, "q8_0");
    assert_eq!(report.picture.pixel(5, 0), [9, 9, 9, 0]);
    assert_eq!(report.rate.bits_per_sample(), 3.0 * 8.5 + 8.0);
    assert_eq!(report.error.pixels, 64 * 8 - 1);
}

#[test]
fn a_grey_photo_stays_grey_and_is_one_channel() {
    let image = Image::new(64, 4, (0..=255).map(|v: u8| [v, v, v, 255]).collect());
    let report = under(&image, "nf4");
    assert!(report.picture.indexed().unwrap().pixels().all(|c| c[0] == c[1] && c[1] == c[2]));
    assert_eq!(report.rate.bits_per_sample(), 4.5);
}
