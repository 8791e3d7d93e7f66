use quantscope::engine::control::Control;
use quantscope::engine::metric::EyeError;
use quantscope::export::photo_table::*;
use quantscope::picture::image::Image;
use quantscope::run::photo;
use quantscope::run::report::SizeTruth;
use quantscope::source::photo::Photo;
use quantscope::spec::{FittedPalette, Stage, TileSpec};

#[test]
fn a_row_says_what_was_asked_for_and_what_came_of_it() {
    let image = Image::new(64, 4, (0..=255).map(|v| [v, 255 - v, v / 2, 255]).collect());
    let reports = [(4, None), (2, Some(TileSpec { side: 8, budget: None }))].map(|(colors, tiles)| {
        let spec = FittedPalette { tiles, ..FittedPalette::new(colors) };
        photo::reduce(&image, spec, Stage::Full, &Control::unwatched()).unwrap()
    });
    let photo = Photo {
        name: "a.png".to_owned(),
        path: None,
        file_bytes: 60,
        format: "PNG",
        image: image.into(),
        edits: Default::default(),
        palette: Vec::new(),
        notes: Vec::new(),
    };
    let sizes = SizeTruth::new(&photo, (&reports[0].spec, reports[0].rate), (999, 111), 90);
    let eye = EyeError { ssimulacra2: None, butteraugli_3norm: Some(0.5), butteraugli_max: Some(1.5), afar: 0.25 };
    let rows = [
        Row { file: "a, b.png", figures: reports[0].figures(Some(eye)), sizes: Some(sizes) },
        Row { file: "a.png", figures: reports[1].figures(None), sizes: None },
    ];
    let table = table(&rows);
    assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
    let json: serde_json::Value = serde_json::from_str(&table.to_json()).unwrap();
    assert_eq!((&json[0]["colors"], &json[0]["tile"]), (&4.into(), &serde_json::Value::Null));
    assert_eq!((&json[0]["raw_bytes"], &json[0]["png_bytes"]), (&768.into(), &90.into()));
    assert_eq!((&json[0]["file_bytes"], &json[0]["png_against_file_percent"]), (&60.into(), &50.0.into()));
    let figures =
        |row: usize| ["ssimulacra2", "butteraugli_3norm", "butteraugli_max", "afar"].map(|name| &json[row][name]);
    assert_eq!(figures(0).map(serde_json::Value::as_f64), [None, Some(0.5), Some(1.5), Some(0.25)]);
    assert!(figures(1).iter().all(|figure| figure.is_null()), "what is not measured yet");
    assert_eq!(json[0]["mse"].as_f64().unwrap(), reports[0].error.mse);
    assert_eq!((&json[1]["tile"], &json[1]["png_bytes"]), (&8.into(), &serde_json::Value::Null));
    assert!(table.to_csv().lines().nth(1).unwrap().starts_with("\"a, b.png\",kmeans,,"), "{}", table.to_csv());
}
