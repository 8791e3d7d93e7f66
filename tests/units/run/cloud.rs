use quantscope::engine::colour::Space;
use quantscope::engine::control::Control;
use quantscope::palette::Entry;
use quantscope::picture::image::Image;
use quantscope::run::cloud::*;
use quantscope::spec::{FittedPalette, PaletteSpec, PhotoSpec};

fn cloud_of(rgba: Vec<[u8; 4]>) -> Cloud {
    let width = rgba.len() as u32;
    cloud(&Image::new(width, 1, rgba), &Control::unwatched()).unwrap()
}

#[test]
fn a_photo_of_few_colours_is_all_of_them() {
    let found = cloud_of(vec![[1, 2, 3, 255], [9, 9, 9, 255], [1, 2, 3, 255], [7, 7, 7, 0]]);
    assert_eq!(found.colors, 2);
    assert!(found.points.contains(&CloudPoint { rgb: [1, 2, 3], pixels: 2 }));
    assert!(cloud_of(vec![[0; 4]]).points.is_empty());
}

#[test]
fn a_photo_of_many_colours_keeps_every_pixel_and_shows_colours_that_it_has() {
    let pixels: Vec<[u8; 4]> = (0..90_000u32).map(|i| [(i % 300 / 2) as u8, (i / 300 / 2) as u8, 7, 255]).collect();
    let found = cloud_of(pixels.clone());
    assert!(found.points.len() <= MOST_POINTS && found.points.len() > MOST_POINTS / 2);
    assert_eq!(found.points.iter().map(|p| p.pixels).sum::<u64>(), 90_000);
    assert!(found.points.iter().all(|p| pixels.contains(&[p.rgb[0], p.rgb[1], p.rgb[2], 255])));
    assert_eq!(found, cloud_of(pixels));
}

#[test]
fn a_point_belongs_to_the_entry_that_its_pixels_got() {
    use quantscope::run::photo::reduce;
    use quantscope::spec::Stage;
    let pixels: Vec<[u8; 4]> =
        (0..6400u32).map(|i| [(i % 80 * 3) as u8, (i / 80 * 3) as u8, (i * 7 % 256) as u8, 255]).collect();
    let image = Image::new(80, 80, pixels);
    for space in Space::ALL {
        let spec = PhotoSpec::from(PaletteSpec { space, ..FittedPalette::new(16).into() });
        let reduced = reduce(&image, spec.clone(), Stage::Full, &Control::unwatched()).unwrap();
        let found = cloud_report(&image, &reduced.palette, spec, &Control::unwatched()).unwrap();
        assert_eq!((found.entries.len(), found.owners.len()), (16, found.cloud.points.len()));
        for (point, &owner) in found.cloud.points.iter().zip(&found.owners) {
            let at = image.rgba.iter().position(|c| c[..3] == point.rgb).unwrap() as u32;
            let code = reduced.picture.code(at % 80, at / 80).unwrap();
            assert_eq!(found.entries[usize::from(owner)].index, usize::from(code), "{space:?} {point:?}");
        }
    }
}

#[test]
fn a_transparent_entry_has_no_place_and_no_points() {
    let image = Image::new(3, 1, vec![[1, 2, 3, 255], [9, 9, 9, 0], [200, 0, 0, 255]]);
    let palette = [[0; 4], [1, 2, 3, 255], [200, 0, 0, 255]].map(|rgba| Entry { rgba, count: 1 });
    let found = cloud_report(&image, &palette, FittedPalette::new(16).into(), &Control::unwatched()).unwrap();
    assert_eq!(found.entries.iter().map(|e| e.index).collect::<Vec<_>>(), [1, 2]);
    let mut owners = found.owners;
    owners.sort_unstable();
    assert_eq!(owners, [0, 1]);
    let nothing = cloud_report(&image, &palette[..1], FittedPalette::new(16).into(), &Control::unwatched()).unwrap();
    assert!(nothing.entries.is_empty() && nothing.places[0].points.len() == 2);
}

#[test]
fn every_colour_lies_in_the_cube_and_black_and_white_at_its_ends() {
    for space in CloudSpace::ALL {
        for rgb in [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0], [255, 0, 255], [0, 255, 255]] {
            assert!(space.place(rgb).iter().all(|v| v.abs() <= 1.0 + 1e-6), "{space:?} {rgb:?}");
        }
        let (black, white) = (space.place([0; 3]), space.place([255; 3]));
        assert!((black[1] + 1.0).abs() < 1e-3 && (white[1] - 1.0).abs() < 1e-3);
    }
}
