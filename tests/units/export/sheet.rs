use quantscope::engine::control::Control;
use quantscope::export::ExportError;
use quantscope::export::sheet::*;
use quantscope::picture::Picture;

/// Letters as solid boxes, half as wide as high.
fn boxes(text: &str, size: f32) -> Text {
    let (width, height) = ((text.chars().count() as f32 * size / 2.0) as usize, size as usize);
    Text { width, height, coverage: vec![255; width * height] }
}

fn picture(width: u32, height: u32) -> Picture {
    let codes = (0..width * height).map(|i| (i % 3) as u8).collect();
    Picture::new_indexed(width, height, codes, vec![[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255]])
}

fn sheet(picture: &Picture, cells: usize) -> Sheet<'_> {
    let cell = |i: usize| Cell {
        title: format!("Cell {i}"),
        lines: vec!["a line".to_owned(), "long ".repeat(100)],
        picture,
        palette: picture.indexed().unwrap().palette.to_vec(),
    };
    Sheet { heading: "Heading".to_owned(), cells: (0..cells).map(cell).collect() }
}

fn drawn(sheet: &Sheet<'_>) -> image::RgbaImage {
    let png = write(sheet, &mut boxes, &Control::unwatched()).unwrap();
    image::load_from_memory(&png).unwrap().into_rgba8()
}

#[test]
fn every_cell_shows_its_picture_pixel_for_pixel() {
    let picture = picture(500, 330);
    let sheet = sheet(&picture, 4);
    let (layout, out) = (Layout::of(&sheet).unwrap(), drawn(&sheet));
    assert_eq!((layout.zoom, layout.columns), (1.0, 2));
    assert_eq!(out.dimensions(), (layout.width as u32, layout.height as u32));
    for i in 0..4 {
        let (x, y) = layout.corner(i);
        let y = y + layout.line() + layout.line() / 4;
        for (dx, dy) in [(0, 0), (499, 0), (0, 329), (499, 329), (250, 100)] {
            let found = out.get_pixel((x + dx) as u32, (y + dy) as u32).0;
            assert_eq!(found, picture.pixel(dx as u32, dy as u32), "cell {i} at {dx}, {dy}");
        }
    }
}

#[test]
fn small_pictures_are_magnified_by_a_whole_number_and_large_ones_fit() {
    for (width, height, zoom) in [(1, 1, 320.0), (100, 60, 3.0), (320, 10, 1.0), (800, 600, 1.0)] {
        assert_eq!(zoom_of(width, height), zoom);
    }
    assert_eq!(zoom_of(3200, 1000), 0.5);
    let (dot, strip) = (picture(1, 1), picture(4000, 2));
    assert_eq!(drawn(&sheet(&dot, 4)).get_pixel(GAP as u32 + 5, 200).0, [255, 0, 0, 255]);
    assert!(drawn(&sheet(&strip, 4)).width() > 1600);
}

#[test]
fn a_line_that_is_too_long_ends_in_an_ellipsis_within_its_room() {
    for room in [30, 100, 301] {
        let text = fitted(&mut boxes, &"word ".repeat(80), 14.0, room);
        assert!(text.width <= room && text.width + 14 > room, "{} {room}", text.width);
    }
    assert_eq!(fitted(&mut boxes, "short", 14.0, 400), boxes("short", 14.0));
}

#[test]
fn a_sheet_of_nothing_is_refused() {
    let empty = Sheet { heading: String::new(), cells: Vec::new() };
    assert!(matches!(write(&empty, &mut boxes, &Control::unwatched()), Err(ExportError::Unfit(_))));
}
