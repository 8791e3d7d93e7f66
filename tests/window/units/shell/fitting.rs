use eframe::egui::{Context, Vec2};
use quantscope::view::shell::fitting::{Fitting, zoom_for};

#[test]
fn only_small_windows_are_drawn_smaller_and_none_too_small_to_read() {
    assert_eq!(zoom_for(Vec2::new(1280.0, 800.0)), 1.0);
    assert_eq!(zoom_for(Vec2::new(3000.0, 2000.0)), 1.0);
    assert_eq!(zoom_for(Vec2::new(1062.0, 720.0)), 0.9);
    assert_eq!(zoom_for(Vec2::new(300.0, 2000.0)), 0.75);
}

#[test]
fn a_zoom_by_hand_stays() {
    let (ctx, mut fitting) = (Context::default(), Fitting::default());
    let frame = |fitting: &mut Fitting, zoom: Option<f32>| {
        // What the window system says, in points at the zoom that is set.
        let points = Vec2::new(960.0, 540.0) / ctx.zoom_factor();
        let input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, points)),
            ..egui::RawInput::default()
        };
        let mut out = ctx.run_ui(input, |ui| {
            fitting.update(ui.ctx());
            if let Some(zoom) = zoom {
                ui.ctx().set_zoom_factor(zoom);
            }
        });
        out.textures_delta.clear();
    };
    (0..4).for_each(|_| frame(&mut fitting, None));
    assert_eq!(ctx.zoom_factor(), 0.75);
    frame(&mut fitting, Some(1.2));
    (0..4).for_each(|_| frame(&mut fitting, None));
    assert!((ctx.zoom_factor() - 1.2).abs() < 1e-3);
    let later = Context::default();
    fitting.restore(&later);
    later.run_ui(egui::RawInput::default(), |_| ()).textures_delta.clear();
    assert!((later.zoom_factor() - 1.2).abs() < 1e-3);
}
