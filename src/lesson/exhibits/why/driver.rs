//! Why coarse steps can be enough: a driver who rounds each turn of the wheel, with open eyes or from memory.
//!
//! A car (kinematic bicycle model: heading changes by v/L·tan δ; Rajamani, *Vehicle dynamics and control*, 2012)
//! follows a winding road. Every two metres the driver looks at a point ahead on the middle of the road and steers
//! for it (pure pursuit: δ = atan(2L·sin α/d); Coulter 1992). The angle δ is rounded to a codebook of symmetric
//! integers, as weights are: at two bits these are three words, left, straight and right. With open eyes each
//! decision sees what the earlier ones did, and makes up for it. From memory the exact angles were all noted on the
//! same road, and are driven rounded: nothing makes up for anything, and the errors pile up.
//!
//! Cost: microseconds a metre.

use std::f32::consts::TAU;

use crate::engine::codebook::Codebook;
use crate::engine::random::Random;

/// The largest angle of the wheels to either side, in degrees.
pub const LOCK: f32 = 24.0;
/// Half of the road's width, in metres.
pub const HALF_WIDTH: f32 = 3.5;
const LENGTH: f32 = 420.0;
/// Between two decisions, and between two places that are noted, in metres.
const DECISION: f32 = 2.0;
const STEP: f32 = 0.25;
/// Between the axles, in metres.
const WHEELBASE: f32 = 2.7;
const AHEAD: f32 = 7.0;
/// A car in the field rolls on for so many metres.
const ROLLS: f32 = 6.0;

/// What a drive depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Drive {
    /// Bits of a steering angle; none: not rounded.
    pub bits: Option<u8>,
    /// Whether the driver sees the road at every decision.
    pub eyes: bool,
    /// The seed of the road.
    pub seed: u64,
}

/// Where the car went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Track {
    /// In metres, every quarter of a metre of the way.
    pub places: Vec<[f32; 2]>,
    /// The wheels' angle in degrees, left positive, one a place.
    pub steering: Vec<f32>,
    /// Distance from the middle of the road in metres, left positive, one a place.
    pub offset: Vec<f32>,
    /// The nearest point of [`Road::middle`], by its place in the list.
    pub nearest: Vec<usize>,
    /// After so many metres it left the road.
    pub left_road: Option<f32>,
}

/// A winding road of constant width.
#[derive(Clone, Debug, PartialEq)]
pub struct Road {
    /// Points on the middle, every quarter of a metre.
    pub middle: Vec<[f32; 2]>,
}

/// The road, the exact driver's track, and that of the one who rounds.
#[derive(Clone, Debug)]
pub struct Journey {
    /// The road that both drive.
    pub road: Road,
    /// With angles that are not rounded, and with open eyes.
    pub exact: Track,
    /// With rounded angles, as [`Drive`] says.
    pub rounded: Track,
    /// The angles there are, ascending; empty where nothing is rounded.
    pub angles: Vec<f32>,
}

impl Track {
    /// The largest distance from the middle of the road, in metres.
    pub fn farthest(&self) -> f32 {
        self.offset.iter().fold(0.0, |most, o| most.max(o.abs()))
    }

    /// How much the wheels are turned, in degrees a metre: what the ride costs in unrest.
    pub fn turned(&self) -> f32 {
        let turned: f32 = self.steering.windows(2).map(|w| (w[1] - w[0]).abs()).sum();
        turned / (self.steering.len().max(1) as f32 * STEP)
    }

    /// Metres driven on the road.
    pub fn driven(&self) -> f32 {
        self.left_road.unwrap_or(self.places.len() as f32 * STEP)
    }
}

impl Road {
    /// Two waves of curvature whose phases the seed chooses: bends down to some 20 m of radius.
    pub fn winding(seed: u64) -> Self {
        let mut random = Random::seeded(seed);
        let (first, second) = (random.next_f32() * TAU, random.next_f32() * TAU);
        let curvature = |s: f32| 0.030 * (s / 105.0 * TAU + first).sin() + 0.016 * (s / 43.0 * TAU + second).sin();
        let (mut at, mut heading) = ([0.0f32; 2], 0.0f32);
        let mut middle = Vec::new();
        for k in 0..((LENGTH + 2.0 * AHEAD) / STEP) as usize {
            middle.push(at);
            heading += curvature(k as f32 * STEP) * STEP;
            at = [at[0] + heading.cos() * STEP, at[1] + heading.sin() * STEP];
        }
        Self { middle }
    }

    /// The nearest point of the middle near `from`, and how far to its left the place is.
    fn nearest(&self, place: [f32; 2], from: usize) -> (usize, f32) {
        let span = from.saturating_sub(8)..(from + 24).min(self.middle.len());
        let distance = |k: &usize| {
            let [dx, dy] = [place[0] - self.middle[*k][0], place[1] - self.middle[*k][1]];
            dx * dx + dy * dy
        };
        let k = span.min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0);
        let (a, b) = (self.middle[k.saturating_sub(1)], self.middle[(k + 1).min(self.middle.len() - 1)]);
        let along = [b[0] - a[0], b[1] - a[1]];
        let side = along[0] * (place[1] - self.middle[k][1]) - along[1] * (place[0] - self.middle[k][0]);
        (k, distance(&k).sqrt() * side.signum())
    }
}

/// The angles that `bits` can name: symmetric integers times a scale, as of weights.
fn angles(bits: u8) -> Codebook<1> {
    let top = (1i32 << (bits.clamp(1, 16) - 1)) - 1;
    match top {
        0 => Codebook::new(vec![[-LOCK], [LOCK]]),
        top => Codebook::new((-top..=top).map(|q| [q as f32 * LOCK / top as f32]).collect()),
    }
}

/// Drives the road exactly, and once more with rounded angles.
pub fn journey(drive: Drive) -> Journey {
    let road = Road::winding(drive.seed);
    let exact = go(&road, |_, wanted| wanted);
    let book = drive.bits.map(angles);
    let nearest = |book: &Codebook<1>, angle: f32| book.points()[usize::from(book.nearest([angle]))][0];
    let every = (DECISION / STEP) as usize;
    let noted: Vec<f32> = exact.steering.iter().copied().step_by(every).collect();
    let rounded = go(&road, |decision, wanted| {
        let angle = if drive.eyes { wanted } else { noted.get(decision).copied().unwrap_or(0.0) };
        book.as_ref().map_or(angle, |book| nearest(book, angle))
    });
    let angles = book.iter().flat_map(|b| b.points()).map(|p| p[0]).collect();
    Journey { road, exact, rounded, angles }
}

/// `decide` gets the number of the decision and the angle that the eyes ask for, in degrees.
fn go(road: &Road, decide: impl Fn(usize, f32) -> f32) -> Track {
    let mut track = Track::default();
    let (mut place, mut heading, mut nearest) = ([0.0f32; 2], 0.0f32, 0);
    let (mut angle, every) = (0.0, (DECISION / STEP) as usize);
    for k in 0..(LENGTH / STEP) as usize {
        let offset;
        (nearest, offset) = road.nearest(place, nearest);
        if k % every == 0 {
            let ahead = road.middle[(nearest + (AHEAD / STEP) as usize).min(road.middle.len() - 1)];
            let [dx, dy] = [ahead[0] - place[0], ahead[1] - place[1]];
            let turn = dy.atan2(dx) - heading;
            let wanted = (2.0 * WHEELBASE * turn.sin() / dx.hypot(dy).max(STEP)).atan().to_degrees();
            angle = decide(k / every, wanted.clamp(-LOCK, LOCK));
        }
        track.places.push(place);
        track.steering.push(angle);
        track.offset.push(offset);
        track.nearest.push(nearest);
        let way = k as f32 * STEP;
        if offset.abs() > HALF_WIDTH {
            let left = *track.left_road.get_or_insert(way);
            if way > left + ROLLS {
                break;
            }
        }
        heading += STEP / WHEELBASE * angle.to_radians().tan();
        place = [place[0] + heading.cos() * STEP, place[1] + heading.sin() * STEP];
    }
    track
}
