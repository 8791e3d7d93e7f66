//! How points in space are seen: a turning view of the cube from −1 to 1, without perspective, so that
//! equal distances stay equal on screen.

/// Where the eye is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Orbit {
    /// Turn about the upright axis, in radians.
    yaw: f32,
    /// Height of the eye, in radians: 0 is level, π/2 straight from above.
    pitch: f32,
    /// 1 shows all of the cube from any side.
    zoom: f32,
}

/// A point as it is seen: right and up from the middle, 1 being the edge of the view at zoom 1, and its
/// distance toward the eye.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// To the right of the middle.
    pub right: f32,
    /// Above the middle.
    pub up: f32,
    /// Toward the eye from the middle, in units of the cube: −√3 to √3.
    pub near: f32,
}

/// The least zoom.
pub const LEAST_ZOOM: f32 = 0.5;
/// The largest zoom.
pub const MOST_ZOOM: f32 = 20.0;
/// Half of the cube's longest diagonal.
pub const REACH: f32 = 1.732_050_8;

impl Default for Orbit {
    /// From where the greys of an RGB cube rise from lower left to upper right.
    fn default() -> Self {
        Self::new(-0.6, 0.42)
    }
}

impl Orbit {
    /// An eye that sees all of the cube, turned by `yaw` about the upright axis and `pitch` above the level, in radians.
    pub fn new(yaw: f32, pitch: f32) -> Self {
        Self { yaw, pitch, zoom: 1.0 }
    }

    /// Turns by so many radians to the right and up. The eye does not go over the top.
    pub fn turn(&mut self, right: f32, up: f32) {
        self.yaw = (self.yaw + right).rem_euclid(std::f32::consts::TAU);
        self.pitch = (self.pitch + up).clamp(-std::f32::consts::FRAC_PI_2, std::f32::consts::FRAC_PI_2);
    }

    /// Multiplies the zoom, within 0.5 to 20; a factor that is not finite and positive changes nothing.
    pub fn zoom_by(&mut self, factor: f32) {
        if factor.is_finite() && factor > 0.0 {
            self.zoom = (self.zoom * factor).clamp(LEAST_ZOOM, MOST_ZOOM);
        }
    }

    /// The magnification: 1 shows all of the cube from any side.
    pub fn zoom(&self) -> f32 {
        self.zoom
    }

    /// The second axis is upright.
    pub fn see(&self, [x, y, z]: [f32; 3]) -> Seen {
        let ((sin, cos), (sin_up, cos_up)) = (self.yaw.sin_cos(), self.pitch.sin_cos());
        let (right, toward) = (x * cos - z * sin, x * sin + z * cos);
        let scale = self.zoom / REACH;
        Seen { right: right * scale, up: (y * cos_up - toward * sin_up) * scale, near: y * sin_up + toward * cos_up }
    }
}

/// The edges of the cube, as pairs of corners.
pub fn cube_edges() -> [([f32; 3], [f32; 3]); 12] {
    let corner = |i: usize| [0, 1, 2].map(|axis| if i >> axis & 1 == 1 { 1.0 } else { -1.0 });
    let mut edges = [([0.0; 3], [0.0; 3]); 12];
    let pairs = (0..8).flat_map(|i| [1, 2, 4].into_iter().filter(move |bit| i & bit == 0).map(move |bit| (i, i | bit)));
    for (edge, (a, b)) in edges.iter_mut().zip(pairs) {
        *edge = (corner(a), corner(b));
    }
    edges
}
