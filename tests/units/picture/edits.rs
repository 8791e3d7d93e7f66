use quantscope::picture::area::Area;
use quantscope::picture::edits::{Crop, Levels, PhotoEdits, Plan, Resize};
use quantscope::picture::error::EditError;

fn crop(text: &str) -> PhotoEdits {
    PhotoEdits { crop: Some(text.parse().unwrap()), ..PhotoEdits::default() }
}

fn resize(text: &str) -> PhotoEdits {
    PhotoEdits { resize: Some(text.parse().unwrap()), ..PhotoEdits::default() }
}

#[test]
fn what_is_written_is_read_and_written_again() {
    for text in ["10,20,30x40", "16:9"] {
        assert_eq!(text.parse::<Crop>().unwrap().to_string(), text);
    }
    for text in ["160x144", "800x", "x600", "50%", "12.5%"] {
        assert_eq!(text.parse::<Resize>().unwrap().to_string(), text);
    }
    for text in ["10,240", "0,255,2.2"] {
        assert_eq!(text.parse::<Levels>().unwrap().to_string(), text);
    }
    assert_eq!("160×144".parse(), Ok(Resize::Exact(160, 144)));
}

#[test]
fn other_forms_are_refused_with_those_that_there_are() {
    for text in ["", "1,2", "1,2,3", "1,2,3x", "-1,0,2x2", "16:0", "a:b"] {
        assert!(text.parse::<Crop>().unwrap_err().to_string().contains("X,Y,WxH"), "{text}");
    }
    for text in ["", "x", "800", "-5x5", "%", "-5%", "nan%", "1x2x3"] {
        assert!(text.parse::<Resize>().unwrap_err().to_string().contains("160x144"), "{text}");
    }
    for text in ["", "0", "0,256", "9,9", "200,100", "0,255,0", "0,255,nan", "0,255,99"] {
        assert!(text.parse::<Levels>().unwrap_err().to_string().contains("BLACK,WHITE"), "{text}");
    }
}

#[test]
fn the_side_that_is_not_said_keeps_the_aspect() {
    let size = |text: &str| resize(text).plan(300, 200).unwrap().size;
    assert_eq!(["150x", "x100", "50%", "150x100"].map(size), [(150, 100); 4]);
    assert_eq!(size("1x"), (1, 1));
    assert_eq!(size("600x"), (600, 400));
    assert_eq!(size("10x90"), (10, 90));
}

#[test]
fn an_aspect_takes_the_largest_area_in_the_middle() {
    let area = |text: &str, width, height| crop(text).plan(width, height).unwrap().area;
    assert_eq!(area("1:1", 300, 200), Area { x: 50, y: 0, width: 200, height: 200 });
    assert_eq!(area("1:1", 200, 301), Area { x: 0, y: 50, width: 200, height: 200 });
    assert_eq!(area("3:2", 300, 200), Area { x: 0, y: 0, width: 300, height: 200 });
    // Nothing is so narrow that it has no pixels.
    assert_eq!(area("1:1000", 300, 200), Area { x: 149, y: 0, width: 1, height: 200 });
}

#[test]
fn the_size_is_that_of_the_part_that_is_kept() {
    let edits = PhotoEdits { resize: Some(Resize::Percent(5000)), ..crop("10,20,100x60") };
    let plan = Plan { area: Area { x: 10, y: 20, width: 100, height: 60 }, size: (50, 30) };
    assert_eq!(edits.plan(300, 200), Ok(plan));
    assert_eq!(edits.words(300, 200), "cut to 100 × 60 pixels at (10, 20), resized to 50 × 30 pixels");
}

#[test]
fn nothing_left_areas_outside_and_vast_sizes_are_refused() {
    let refusal = |edits: PhotoEdits| edits.plan(300, 200).unwrap_err();
    assert!(matches!(refusal(crop("0,0,0x5")), EditError::CutToNothing(_)));
    for outside in ["0,0,301x10", "300,0,1x1", "0,199,5x2", "4294967295,0,4294967295x1"] {
        let message = refusal(crop(outside)).to_string();
        assert!(message.contains("is not within its 300 × 200 pixels"), "{message}");
    }
    for nothing in ["0x10", "10x0", "0%", "0x", "x0", "0.1%"] {
        assert!(matches!(refusal(resize(nothing)), EditError::ResizedToNothing { .. }), "{nothing}");
    }
    for vast in ["100000x100000", "4294967295x", "40000000%", "16385x16384"] {
        assert_eq!(refusal(resize(vast)), EditError::TooLarge, "{vast}");
    }
}
