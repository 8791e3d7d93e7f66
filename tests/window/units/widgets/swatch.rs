use eframe::egui::Theme;
use quantscope::view::theme::visuals;
use quantscope::view::widgets::swatch::is_near;

#[test]
fn colours_like_the_panel_get_an_edge_and_no_others() {
    let [light, dark] = [Theme::Light, Theme::Dark].map(|theme| visuals(theme).panel_fill);
    assert!(is_near([255; 4], light) && is_near([0, 0, 0, 255], dark));
    assert!(!is_near([0, 0, 0, 255], light) && !is_near([255, 255, 180, 255], light));
    assert!(!is_near([246, 246, 246, 0], light), "squares show through it");
}
