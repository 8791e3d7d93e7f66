use quantscope::engine::assign::codes::How;
use quantscope::engine::assign::diffusion::Diffusion;
use quantscope::engine::assign::dithering::{Dithering, Pattern};
use quantscope::engine::assign::kernel::KernelName;
use quantscope::engine::assign::mask::Mask;

#[test]
fn names_are_unique_and_those_of_saved_settings_stay() {
    let names = Pattern::ALL.map(Pattern::name);
    let known = "none floyd-steinberg atkinson jarvis stucki burkes sierra bayer2 bayer4 bayer8 blue-noise random";
    assert!(known.split(' ').all(|name| names.contains(&name)), "{names:?}");
    for pattern in Pattern::ALL {
        assert_eq!(Pattern::from_name(pattern.name()), Some(pattern));
        assert!(!pattern.label().is_empty());
    }
}

#[test]
fn a_pattern_is_written_as_its_name_and_read_back() {
    for pattern in Pattern::ALL {
        let dithering = Dithering { strength_percent: 70, serpentine: true, ..Dithering::of(pattern) };
        let text = serde_json::to_string(&dithering).unwrap();
        assert!(text.contains(&format!("\"pattern\":\"{}\"", pattern.name())), "{text}");
        assert_eq!(serde_json::from_str::<Dithering>(&text).unwrap(), dithering);
    }
    let error = serde_json::from_str::<Pattern>("\"plaid\"").unwrap_err();
    assert!(error.to_string().contains("no dither is called 'plaid'"), "{error}");
}

#[test]
fn dials_that_do_nothing_make_no_difference() {
    let of = |pattern, strength_percent, serpentine| Dithering {
        strength_percent,
        serpentine,
        linear: serpentine,
        ..Dithering::of(pattern)
    };
    let (stucki, bayer) = (Pattern::Diffusion(KernelName::Stucki), Pattern::Ordered(Mask::Bayer4));
    assert_eq!(of(Pattern::None, 30, true).canonical(), Dithering::NONE);
    assert_eq!(of(stucki, 0, true).canonical(), Dithering::NONE);
    assert_eq!(of(bayer, 80, true).canonical(), of(bayer, 80, false));
    assert_eq!(of(stucki, 200, true).canonical(), of(stucki, 100, true));
    assert_eq!(of(stucki, 50, true).canonical(), of(stucki, 50, true));
}

#[test]
fn each_pattern_says_how_it_is_done() {
    let half =
        Dithering { strength_percent: 50, serpentine: true, ..Dithering::of(Pattern::Diffusion(KernelName::Burkes)) };
    assert_eq!(half.how(), How::Diffusion(Diffusion { kernel: KernelName::Burkes, serpentine: true, strength: 0.5 }));
    let white = Dithering { strength_percent: 80, ..Dithering::of(Pattern::Ordered(Mask::White)) };
    assert_eq!(white.how(), How::Ordered { mask: Mask::White, strength: 0.8 });
    for none in [Dithering::NONE, Dithering { strength_percent: 0, ..half }] {
        assert_eq!(none.how(), How::Nearest);
    }
}
