use quantscope::export::sheet::Text;
use quantscope::view::widgets::lettering::Lettering;

fn ink(text: &Text) -> u64 {
    text.coverage.iter().map(|&c| u64::from(c)).sum()
}

#[test]
fn letters_are_there_and_grow_with_their_size() {
    let mut lettering = Lettering::default();
    let small = lettering.draw("Palette ΔE2000 × →", 14.0);
    let large = lettering.draw("Palette ΔE2000 × →", 28.0);
    assert!(ink(&small) > 5_000, "{}", ink(&small));
    assert!((1.8..2.2).contains(&(large.width as f64 / small.width as f64)), "{} {}", small.width, large.width);
    let grown = ink(&large) as f64 / ink(&small) as f64;
    assert!((2.5..5.5).contains(&grown), "{grown}");
    assert_eq!(lettering.draw("Palette ΔE2000 × →", 14.0), small, "the same again");
}

#[test]
fn nothing_and_spaces_draw_nothing_and_line_breaks_make_no_second_line() {
    let mut lettering = Lettering::default();
    assert_eq!(ink(&lettering.draw("", 14.0)) + ink(&lettering.draw("   ", 14.0)), 0);
    assert_eq!(lettering.draw("a\nb", 14.0).height, lettering.draw("a b", 14.0).height);
}
