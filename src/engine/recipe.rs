//! A reduction as data: which samples share what, how scales and levels are found, how codes are
//! chosen. Photos and weights go through this one encoder.

use std::borrow::Cow;

use super::assign::codes::{How, assign};
use super::assign::dithering::Dithering;
use super::assign::nearest;
use super::assign::quantized_rows::QuantizedRows;
use super::codebook::Codebook;
use super::control::{Control, Stopped};
use super::fit::{self, Goal, Method, Stored};
use super::grouping::Grouping;
use super::quantized::{Affine, Quantized};
use super::rate::Rate;
use super::samples::Samples;
use super::scale::{Members, ScaleRule, StoredScale};

/// How samples are quantized: groups, scales, levels and the choice of codes.
#[derive(Clone, Debug)]
pub struct Recipe<const D: usize> {
    /// Which samples share a scale or a codebook.
    pub grouping: Grouping,
    /// `None`: samples are compared with the levels as they are.
    pub scale: Option<ScaleRule>,
    /// What codes stand for.
    pub levels: Levels<D>,
    /// How codes are chosen once scales and codebooks are known.
    pub dither: Dithering,
}

/// Where the levels of a recipe come from.
#[derive(Clone, Debug)]
pub enum Levels<const D: usize> {
    /// A table that is part of the format.
    Fixed {
        /// The levels, before a group's scale and offset.
        book: Codebook<D>,
        /// Bits of a stored code.
        code_bits: u32,
    },
    /// Fitted to each group's samples, at most `count` entries of `entry_bits` each.
    Fitted {
        /// How entries are found.
        method: Method,
        /// Entries of a codebook at most, those that are kept included.
        count: usize,
        /// Entries that every codebook has exactly as they are.
        kept: Vec<[f32; D]>,
        /// How entries that are not kept are rounded.
        stored: Stored<D>,
        /// See [`Goal::exact`].
        exact: Option<f64>,
        /// Bits of a stored entry, all its coordinates together.
        entry_bits: u32,
        /// Bits of a code where the format fixes them; otherwise as many as the entries need.
        code_bits: Option<u32>,
    },
}

/// What all samples share: found once, from all samples or from a sketch of them, so that parts of a
/// large tensor can be encoded on their own. Empty where every group finds its own.
#[derive(Clone, Debug, Default)]
pub struct Shared<const D: usize> {
    affine: Option<Affine<D>>,
    book: Option<Codebook<D>>,
    /// What the groups' scales count in, where they do.
    unit: Option<f32>,
}

impl<const D: usize> Shared<D> {
    /// The levels of all samples, where the whole is one group.
    pub fn codebook(&self) -> Option<&Codebook<D>> {
        self.book.as_ref()
    }

    /// Scale and offset of all samples, where the whole is one group that has them.
    pub fn affine(&self) -> Option<Affine<D>> {
        self.affine
    }
}

impl<const D: usize> Recipe<D> {
    /// Finds what all samples share.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn prepare(&self, samples: Samples<'_, D>, control: &Control<'_>) -> Result<Shared<D>, Stopped> {
        let members = Members { values: samples.values, weights: samples.weights };
        if self.grouping != Grouping::Whole {
            return Ok(Shared { unit: self.scale.and_then(|rule| rule.unit(members)), ..Shared::default() });
        }
        let (affine, book) = self.fit_group(members, None, control)?;
        Ok(Shared { affine, book: Some(book.into_owned()), unit: None })
    }

    /// Encodes samples that stand alone: [`Recipe::prepare`] and [`Recipe::encode_with`] in one.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn encode(&self, samples: Samples<'_, D>, control: &Control<'_>) -> Result<Quantized<D>, Stopped> {
        self.encode_with(&self.prepare(samples, control)?, samples, control)
    }

    /// Encodes samples, or whole rows of them, with what all of them share already found. The
    /// receipt counts a shared scale and codebook in full: for parts of one tensor, add
    /// [`Recipe::shared_rate`] once and the parts' [`Recipe::part_rate`].
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn encode_with(
        &self,
        shared: &Shared<D>,
        samples: Samples<'_, D>,
        control: &Control<'_>,
    ) -> Result<Quantized<D>, Stopped> {
        let (len, width) = (samples.len(), samples.width);
        let groups = self.grouping.count(len, width);
        let mut out = Quantized {
            width,
            codes: vec![0; len],
            grouping: self.grouping,
            affines: Vec::with_capacity(if self.scale.is_some() { groups } else { 0 }),
            codebooks: Vec::new(),
            rate: Rate::default(),
        };
        let mut gathered = Gathered::default();
        let how = self.dither.how();
        for group in 0..groups {
            if group % 64 == 0 {
                control.check()?;
            }
            let members = gathered.gather(self.grouping, group, samples);
            let (affine, book) = match &shared.book {
                Some(book) => (shared.affine, Cow::Borrowed(book)),
                None => self.fit_group(members, shared.unit, control)?,
            };
            if how == How::Nearest {
                let affine = affine.unwrap_or(Affine::IDENTITY);
                for span in self.grouping.spans(group, len, width) {
                    nearest::codes(&samples.values[span.clone()], &affine, &book, &mut out.codes[span]);
                }
            }
            out.affines.extend(affine);
            if out.codebooks.is_empty() || !self.shares_codebook() {
                out.codebooks.push(book.into_owned());
            }
        }
        if out.codebooks.is_empty() {
            out.codebooks
                .push(self.fit_group(Members { values: &[], weights: None }, shared.unit, control)?.1.into_owned());
        }
        if how != How::Nearest {
            out.codes = assign(&mut QuantizedRows { quantized: &out, samples }, how, control)?;
        }
        out.rate = self.part_rate(&out) + self.shared_rate(&out);
        Ok(out)
    }

    /// The table that is part of the format.
    pub fn table(&self) -> Option<&Codebook<D>> {
        match &self.levels {
            Levels::Fixed { book, .. } => Some(book),
            Levels::Fitted { .. } => None,
        }
    }

    /// Whether one codebook serves all groups.
    pub fn shares_codebook(&self) -> bool {
        self.grouping == Grouping::Whole || matches!(self.levels, Levels::Fixed { .. })
    }

    /// The bits of a scale and a codebook that all samples share.
    pub fn shared_rate(&self, of: &Quantized<D>) -> Rate {
        let mut rate = Rate::default();
        if of.codes.is_empty() {
            return rate;
        }
        if self.grouping == Grouping::Whole {
            (rate.side_bits, rate.zero_bits) = self.scale_and_zero_bits();
            rate.codebook_bits = self.codebook_bits(of);
        } else if self.scale.is_some_and(|s| s.stored.needs_unit()) {
            rate.side_bits = u64::from(StoredScale::F32.bits());
        }
        rate
    }

    /// The bits that belong to this part of the samples alone.
    pub fn part_rate(&self, of: &Quantized<D>) -> Rate {
        let (samples, groups) = (of.codes.len() as u64, of.affines.len() as u64);
        let mut rate = self.codes_and_scales(samples, self.code_bits(of), groups);
        if self.grouping != Grouping::Whole {
            rate.codebook_bits = self.codebook_bits(of);
        }
        rate
    }

    /// The bits of so many samples in so many groups, where the levels are part of the format.
    pub(super) fn rate_of(&self, samples: usize, groups: usize) -> Rate {
        let code_bits = if let Levels::Fixed { code_bits, .. } = self.levels { code_bits } else { 0 };
        self.codes_and_scales(samples as u64, code_bits, groups as u64)
    }

    fn codes_and_scales(&self, samples: u64, code_bits: u32, groups: u64) -> Rate {
        let (scale, zero) = match self.grouping {
            Grouping::Whole => (0, 0),
            _ => self.scale_and_zero_bits(),
        };
        let (side_bits, zero_bits) = (scale * groups, zero * groups);
        Rate { index_bits: samples * u64::from(code_bits), side_bits, zero_bits, samples, ..Rate::default() }
    }

    /// Bits of the scale and of the zero point of one group.
    fn scale_and_zero_bits(&self) -> (u64, u64) {
        self.scale.map_or((0, 0), |s| (u64::from(s.stored.bits()), u64::from(s.zero_bits())))
    }

    fn codebook_bits(&self, of: &Quantized<D>) -> u64 {
        match self.levels {
            Levels::Fixed { .. } => 0,
            Levels::Fitted { entry_bits, .. } => {
                of.codebooks.iter().map(|b| b.len() as u64 * u64::from(entry_bits)).sum()
            }
        }
    }

    fn code_bits(&self, of: &Quantized<D>) -> u32 {
        match self.levels {
            Levels::Fixed { code_bits, .. } => code_bits,
            Levels::Fitted { code_bits: Some(bits), .. } => bits,
            Levels::Fitted { .. } => of.codebooks.iter().map(|b| bits_for(b.len())).max().unwrap_or(0),
        }
    }

    fn fit_group(
        &self,
        members: Members<'_, D>,
        unit: Option<f32>,
        control: &Control<'_>,
    ) -> Result<(Option<Affine<D>>, Cow<'_, Codebook<D>>), Stopped> {
        let book = match &self.levels {
            Levels::Fixed { book, .. } => Cow::Borrowed(book),
            &Levels::Fitted { method, count, ref kept, stored, exact, .. } => {
                let width = members.values.len().max(1);
                let samples = Samples { values: members.values, width, weights: members.weights };
                Cow::Owned(fit::fit(Goal { method, count, kept, stored, exact }, samples, control)?)
            }
        };
        Ok((self.scale.map(|rule| rule.fit(members, &book, unit.unwrap_or(1.0))), book))
    }
}

/// Bits of a code that tells `entries` entries apart.
pub fn bits_for(entries: usize) -> u32 {
    entries.max(1).next_power_of_two().trailing_zeros()
}

/// A group's samples in one slice: borrowed where they lie together, copied where they do not.
#[derive(Default)]
struct Gathered<const D: usize> {
    values: Vec<[f32; D]>,
    weights: Vec<f32>,
}

impl<const D: usize> Gathered<D> {
    fn gather<'a>(&'a mut self, grouping: Grouping, group: usize, samples: Samples<'a, D>) -> Members<'a, D> {
        let mut spans = grouping.spans(group, samples.len(), samples.width);
        if !matches!(grouping, Grouping::Tiles { .. }) {
            let span = spans.next().unwrap_or(0..0);
            return Members { values: &samples.values[span.clone()], weights: samples.weights.map(|w| &w[span]) };
        }
        self.values.clear();
        self.weights.clear();
        for span in spans {
            self.values.extend_from_slice(&samples.values[span.clone()]);
            self.weights.extend_from_slice(samples.weights.map_or(&[], |w| &w[span]));
        }
        Members { values: &self.values, weights: samples.weights.map(|_| self.weights.as_slice()) }
    }
}
