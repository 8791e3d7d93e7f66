//! The schedule: a first palette, passes and refits on a part of the pixels, then on all of them.

use super::energy::Energy;
use super::filter::Filters;
use super::refit::Entries;
use super::site::Sites;
use super::space::point_of;
use super::start;
use super::work::Work;
use crate::engine::control::{Control, Stopped};

/// A picture and what is wanted of it.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// sRGB and straight alpha, row by row from the top. Pixels that are not opaque take no part: their codes mean
    /// nothing.
    pub pixels: &'a [[u8; 4]],
    /// Pixels in a row.
    pub width: usize,
    /// The colours that can be taken.
    pub colours: Colours<'a>,
    /// How much neighbours make up for each other: 1 is the default, 2 dithers more, ¼ less, 0 not at all.
    pub grain: f32,
    /// What a smaller file counts: a code that follows the same two codes as before, or repeats the one at its left, may cost
    /// so much more than the best, of the energy of a pixel on the mean. On photos 0.3 saves 1.5 % of the bytes and nothing
    /// is lost, 1 saves 5 %; 0: not at all.
    pub rate_weight: f32,
    /// How much work is put in.
    pub effort: Effort,
}

/// The colours of a palette, all opaque.
#[derive(Clone, Copy)]
pub enum Colours<'a> {
    /// Fitted to the picture.
    Fitted {
        /// Entries at most, 1 to 256, those that are kept included.
        count: usize,
        /// Entries exactly as they are.
        kept: &'a [[u8; 4]],
        /// Colours that fill an area each, as those of a logo do: they are entries exactly where there is room, and what
        /// surrounds them is not dithered.
        flat: &'a [[u8; 4]],
        /// Whether all entries are to be grey.
        grey: bool,
    },
    /// Given, in this order.
    Given(&'a [[u8; 4]]),
}

/// How much work is put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// For what is soon replaced: about a third of the time.
    Quick,
    /// The best there is.
    Full,
}

/// Codes and what they stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reduced {
    /// One a pixel.
    pub codes: Vec<u8>,
    /// The colours in the order of the codes; given ones as they were given.
    pub palette: Vec<[u8; 4]>,
}

/// How often what is done.
struct Schedule {
    /// The palette is learnt on one of each so many pixels each way, or of so many pixels at most.
    step: usize,
    most: usize,
    /// Rounds of two passes with a refit each and one pass, then new weights.
    rounds: usize,
    refits_a_round: usize,
    /// The same on all pixels, with one refit a round.
    whole_rounds: usize,
    whole_refits: bool,
}

impl Effort {
    fn schedule(self) -> Schedule {
        match self {
            Self::Quick => {
                Schedule { step: 4, most: 100_000, rounds: 1, refits_a_round: 2, whole_rounds: 1, whole_refits: false }
            }
            Self::Full => {
                Schedule { step: 2, most: 300_000, rounds: 4, refits_a_round: 2, whole_rounds: 2, whole_refits: true }
            }
        }
    }
}

/// As long as codes will follow, entries go further than to the least energy: they would be followed only in part.
const STRIDE: f64 = 1.7;
/// A picture of fewer pixels is learnt on in full.
const FEW: usize = 1 << 14;

/// The reduction that looks best.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn reduce(request: Request<'_>, control: &Control<'_>) -> Result<Reduced, Stopped> {
    let flat = match request.colours {
        Colours::Fitted { flat, .. } => flat,
        Colours::Given(_) => &[],
    };
    let sites = Sites::of(request.pixels, request.width.max(1), flat);
    control.check()?;
    let (schedule, with) = (request.effort.schedule(), (&Filters::new(), Energy::new(request.grain)));
    match request.colours {
        Colours::Given(palette) => {
            let points = palette.iter().map(|&color| point_of(color)).collect();
            let mut work = Work::new(sites, Entries { points, held: vec![true; palette.len()], grey: false });
            work.pass(with, control)?;
            work.reweigh(with);
            (1..schedule.whole_rounds).try_for_each(|_| work.pass(with, control))?;
            work.last_pass(with, request.rate_weight, control)?;
            Ok(Reduced { codes: work.codes, palette: palette.to_vec() })
        }
        Colours::Fitted { count, kept, flat, grey } => {
            let first = start::entries(&sites, (count, kept, flat), grey, control)?;
            let learnt = learnt(&sites, first, &schedule, with, control)?;
            let mut work = Work::new(sites, learnt);
            for round in 1..=schedule.whole_rounds {
                let is_last = round == schedule.whole_rounds;
                work.pass(with, control)?;
                if schedule.whole_refits {
                    work.refit(with, if is_last { 1.0 } else { STRIDE }, control)?;
                }
                if !is_last {
                    work.pass(with, control)?;
                }
                if !is_last || !schedule.whole_refits {
                    work.reweigh(with);
                }
                control.progress(0.3 + 0.6 * round as f32 / schedule.whole_rounds as f32);
            }
            let palette = work.rounded(kept);
            work.last_pass(with, request.rate_weight, control)?;
            Ok(Reduced { codes: work.codes, palette })
        }
    }
}

/// Entries that were learnt on a part of the pixels.
fn learnt(
    sites: &Sites,
    first: Entries,
    schedule: &Schedule,
    with: (&Filters, Energy),
    control: &Control<'_>,
) -> Result<Entries, Stopped> {
    if first.held.iter().all(|&held| held) {
        return Ok(first);
    }
    let fewer = (sites.all.len() as f64 / schedule.most as f64).sqrt().ceil() as usize;
    let step = if sites.all.len() < FEW { 1 } else { schedule.step.max(fewer) };
    let mut work = Work::new(sites.thinned(step), first);
    for round in 1..=schedule.rounds {
        for _ in 0..schedule.refits_a_round {
            work.pass(with, control)?;
            work.refit(with, STRIDE, control)?;
        }
        work.pass(with, control)?;
        work.reweigh(with);
        control.progress(0.3 * round as f32 / schedule.rounds as f32);
    }
    Ok(work.entries)
}
