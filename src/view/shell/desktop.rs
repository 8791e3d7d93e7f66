//! What the desktop is asked directly: where the pointer is during a drag, whether drops arrive, and whether the
//! window is where a screen is.

use eframe::CreationContext;
use egui::{Pos2, Rect, Vec2, pos2, vec2};

use crate::view::shell::drops::Drops;
use crate::view::widgets::bounds::between;

#[cfg(target_os = "linux")]
use winit::raw_window_handle::{HasWindowHandle as _, RawWindowHandle};

/// Goes to X11 where there is a choice: on Wayland no dropped file reaches the window.
pub(crate) fn prefer_x11(options: &mut eframe::NativeOptions) {
    #[cfg(target_os = "linux")]
    {
        let named = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let choice = (named("WAYLAND_DISPLAY") || named("WAYLAND_SOCKET")) && named("DISPLAY");
        // A name that leads to no server must not cost the window.
        if choice && x11rb::connect(None).is_ok() {
            use winit::platform::x11::EventLoopBuilderExtX11 as _;
            options.event_loop_builder = Some(Box::new(|builder| {
                builder.with_x11();
            }));
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = options;
}

/// What is known of drops onto this window.
pub(crate) fn drops(context: &CreationContext<'_>) -> Drops {
    #[cfg(target_os = "linux")]
    match context.window_handle().map(|handle| handle.as_raw()) {
        Ok(RawWindowHandle::Wayland(_)) => return Drops { arrive: false, ..Drops::default() },
        Ok(RawWindowHandle::Xlib(handle)) => return x11_drops(handle.window as u32),
        Ok(RawWindowHandle::Xcb(handle)) => return x11_drops(handle.window.get()),
        _ => {}
    }
    #[cfg(not(target_os = "linux"))]
    let _ = context;
    Drops::default()
}

/// While files are dragged the pointer is another program's, and no event tells where it is; the server does.
#[cfg(target_os = "linux")]
fn x11_drops(window: u32) -> Drops {
    use x11rb::protocol::xproto::ConnectionExt as _;
    let server = std::cell::OnceCell::new();
    Drops {
        arrive: true,
        pointer: Box::new(move |ctx| {
            let (server, _) = server.get_or_init(|| x11rb::connect(None).ok()).as_ref()?;
            let at = server.query_pointer(window).ok()?.reply().ok()?;
            at.same_screen.then(|| pos2(f32::from(at.win_x), f32::from(at.win_y)) / ctx.pixels_per_point())
        }),
    }
}

/// Moves a window that would open where no screen is any more back onto one.
pub(crate) fn bring_back(context: &CreationContext<'_>) {
    let Some(window) = context.winit_window() else { return };
    let Ok(corner) = window.outer_position() else { return };
    let rect = |x: i32, y: i32, width: u32, height: u32| {
        Rect::from_min_size(pos2(x as f32, y as f32), vec2(width as f32, height as f32))
    };
    let size = window.outer_size();
    let monitors: Vec<Rect> = window
        .available_monitors()
        .map(|m| rect(m.position().x, m.position().y, m.size().width, m.size().height))
        .collect();
    if let Some(to) = back_on_screen(rect(corner.x, corner.y, size.width, size.height), &monitors) {
        window.set_outer_position(winit::dpi::PhysicalPosition::new(to.x as i32, to.y as i32));
    }
}

/// So much of a window's upper edge, in pixels, must be on one screen for a hand to get hold of it.
const HOLD: Vec2 = vec2(96.0, 24.0);

/// Where a window has to go that cannot be got hold of: wholly onto the nearest screen, as far as it fits.
/// None where it can; all in physical pixels.
pub fn back_on_screen(window: Rect, monitors: &[Rect]) -> Option<Pos2> {
    let edge = window.with_max_y(window.top() + HOLD.y);
    let in_reach = |monitor: &Rect| {
        let part = monitor.intersect(edge);
        part.width() >= HOLD.x.min(window.width()) && part.height() >= HOLD.y / 2.0
    };
    if monitors.iter().any(in_reach) {
        return None;
    }
    let distance = |monitor: &&Rect| monitor.distance_sq_to_pos(window.center());
    let nearest = monitors.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    let room = (nearest.size() - window.size()).max(Vec2::ZERO);
    let along = |axis: usize| between(window.min[axis], nearest.min[axis], nearest.min[axis] + room[axis]);
    Some(pos2(along(0), along(1)))
}
