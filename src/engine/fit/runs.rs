//! Points that are mapped again and again while the entries move a little.
//!
//! Points lie in [halving order](crate::engine::cells::halving_order), in runs of [`LANES`] neighbours, each with a list
//! of the entries that can be nearest to one of them. The lists are kept until entries have moved too far; a run with
//! only one entry on its list needs no look at its points at all, and neither has one whose entries all stand where
//! they stood.

use super::cloud::{Cloud, Moments};
use crate::engine::cells::{Bounds, Near};
use crate::engine::codebook::{Codebook, LANES, distance_squared, nearest_to_each};
use crate::engine::simd::{Kernel, widest};
use crate::engine::tasks;

/// Runs that one task looks at. Sums are merged task by task, so they are the same for any number of threads.
const RUNS_A_TASK: usize = 128;
/// Neighbouring runs that share a list, and those that share a first selection.
const RUNS_A_LIST: usize = 4;
const RUNS_A_REGION: usize = 16;
/// Lists that one task makes or looks at.
const LISTS_A_TASK: usize = RUNS_A_TASK / RUNS_A_LIST;

/// How far entries may be off, all in all, before a list is worth nothing: as a part of the distances that are listed.
const SLACK: f32 = 0.25;
/// With more entries than one in so many that have gone farther, all lists are made anew.
const FEW: usize = 12;

/// The points of a cloud in runs, and the lists of entries near to each.
pub struct Runs<const D: usize> {
    /// Coordinate by coordinate; the last run is filled up with copies of its last point.
    blocks: Vec<[[f32; LANES]; D]>,
    bounds: Vec<Bounds<D>>,
    /// The moments of each point.
    points: Vec<Moments<D>>,
    /// Where the entries stood when the lists were made.
    made_for: Vec<[f32; D]>,
    slack: f32,
    lists: Vec<List>,
    entries: Vec<u16>,
}

/// The entries within `reach` of a run, slack included.
#[derive(Clone, Copy)]
struct List {
    start: u32,
    len: u32,
    reach: f32,
    /// A bit for each entry, modulo 64.
    mask: u64,
}

fn mask_of(entries: &[u16]) -> u64 {
    entries.iter().fold(0, |mask, &k| mask | bit(usize::from(k)))
}

fn bit(entry: usize) -> u64 {
    1 << (entry & 63)
}

/// Where the entries stand, which points they have, and the sums over these.
#[derive(Clone)]
pub struct Mapped<const D: usize> {
    /// Where the entries stand.
    pub book: Codebook<D>,
    /// The entry of each point.
    pub codes: Vec<u16>,
    /// The sums over the points of each entry.
    pub moments: Vec<Moments<D>>,
    /// How many points each entry has: sums from which all have been taken away need not be 0.
    members: Vec<u32>,
}

impl<const D: usize> Mapped<D> {
    /// The start of a cloud of so many points, of which none has been mapped yet.
    pub fn nothing(points: usize) -> Self {
        Self { book: Codebook::new(vec![[0.0; D]]), codes: vec![0; points], moments: Vec::new(), members: Vec::new() }
    }
}

impl<const D: usize> Runs<D> {
    /// For a cloud in halving order.
    pub fn new(cloud: &Cloud<D>) -> Self {
        let block = |points: &[[f32; D]]| {
            std::array::from_fn(|c| std::array::from_fn(|lane| points[lane.min(points.len() - 1)][c]))
        };
        Self {
            blocks: cloud.points.chunks(LANES).map(block).collect(),
            bounds: cloud.points.chunks(RUNS_A_LIST * LANES).map(Bounds::of).collect(),
            points: cloud.points.iter().zip(&cloud.weights).map(|(&p, &w)| Moments::of([(p, w)])).collect(),
            made_for: Vec::new(),
            slack: 0.0,
            lists: Vec::new(),
            entries: Vec::new(),
        }
    }

    /// Gives each point to the entry of `book` that is nearest, as [`Codebook::nearest`] finds it. Only runs that an entry
    /// which moved has to do with are looked at, and sums change by the points that change hands.
    pub fn map(&mut self, book: Codebook<D>, now: &mut Mapped<D>) {
        self.keep_up_with(&book);
        let first = now.moments.is_empty();
        let entries = book.len().max(now.moments.len());
        let stood = |k: usize| now.book.points().get(k).filter(|_| k < now.moments.len());
        let moved: Vec<bool> = (0..entries).map(|k| stood(k).is_none_or(|p| book.points().get(k) != Some(p))).collect();
        let mask = (0..entries).filter(|&k| moved[k]).fold(0, |mask, k| mask | bit(k));
        now.moments.resize(entries, Moments::default());
        now.members.resize(entries, 0);
        let (runs, moved, book) = (&*self, &moved, &book);
        let tasks = now.codes.chunks_mut(RUNS_A_TASK * LANES);
        let parts = tasks::map(tasks, |task, codes| widest(MapTask { runs, book, moved, mask, first, task, codes }));
        for (k, change) in parts.into_iter().flatten().flat_map(|part| part.into_iter().enumerate()) {
            now.moments[k].merge(&change.sum);
            now.members[k] = now.members[k].wrapping_add_signed(change.members);
            if now.members[k] == 0 {
                now.moments[k] = Moments::default();
            }
        }
        now.moments.truncate(book.len());
        now.members.truncate(book.len());
        now.book = book.clone();
    }

    /// Makes the lists anew that are worth nothing now.
    fn keep_up_with(&mut self, book: &Codebook<D>) {
        let points = book.points();
        if self.made_for.len() != points.len() || self.entries.len() > 4 * self.points.len() + 1024 {
            return self.list_all(book);
        }
        let far = |k: &usize| distance_squared(self.made_for[*k], points[*k]).sqrt() > self.slack / 2.0;
        let moved: Vec<usize> = (0..points.len()).filter(far).collect();
        if moved.len() > points.len() / FEW {
            return self.list_all(book);
        }
        if !moved.is_empty() {
            moved.iter().for_each(|&k| self.made_for[k] = points[k]);
            self.list_some(book, &moved);
        }
    }

    /// Lists anew for the runs that had one of the entries that moved, or that one has come near to.
    fn list_some(&mut self, book: &Codebook<D>, moved: &[usize]) {
        let tasks = self.lists.chunks(LISTS_A_TASK).zip(self.bounds.chunks(LISTS_A_TASK));
        let (entries, slack) = (&self.entries, self.slack);
        let work = |_, (lists, bounds)| widest(ListSome { lists, bounds, entries, slack, book, moved });
        let parts: Vec<(Vec<Option<List>>, Vec<u16>)> = tasks::map(tasks, work);
        for (lists, (anew, entries)) in self.lists.chunks_mut(LISTS_A_TASK).zip(parts) {
            let start = self.entries.len() as u32;
            for (list, new) in lists.iter_mut().zip(anew) {
                *list = new.map_or(*list, |new| List { start: start + new.start, ..new });
            }
            self.entries.extend(entries);
        }
    }

    fn list_all(&mut self, book: &Codebook<D>) {
        // The first lists show how far is far.
        let first = self.lists.is_empty();
        let reaches: f64 = self.lists.iter().map(|list| f64::from(list.reach - self.slack)).sum();
        let slack = SLACK * (reaches / self.lists.len().max(1) as f64) as f32;
        let tasks = self.bounds.chunks(LISTS_A_TASK);
        let parts = tasks::map(tasks, |_, bounds| widest(ListTask { book, bounds, slack }));
        self.made_for.clear();
        self.made_for.extend_from_slice(book.points());
        self.slack = slack;
        self.lists.clear();
        self.entries.clear();
        for (lists, entries) in parts {
            let start = self.entries.len() as u32;
            self.lists.extend(lists.into_iter().map(|list| List { start: start + list.start, ..list }));
            self.entries.extend(entries);
        }
        if first && !self.lists.is_empty() {
            self.list_all(book);
        }
    }
}

struct ListTask<'a, const D: usize> {
    book: &'a Codebook<D>,
    bounds: &'a [Bounds<D>],
    slack: f32,
}

impl<const D: usize> Kernel for ListTask<'_, D> {
    type Out = (Vec<List>, Vec<u16>);

    #[inline(always)]
    fn run(self) -> Self::Out {
        let (all, mut near, mut nearer) = (Near::all(self.book), Near::default(), Near::default());
        let (mut lists, mut entries) = (Vec::with_capacity(self.bounds.len()), Vec::new());
        for region in self.bounds.chunks(RUNS_A_REGION / RUNS_A_LIST) {
            near.collect(&all, &region.iter().copied().fold(Bounds::NONE, Bounds::joined), self.slack);
            for bounds in region {
                let start = entries.len() as u32;
                let reach = nearer.list(&near, bounds, self.slack, &mut entries);
                let mask = mask_of(&entries[start as usize..]);
                lists.push(List { start, len: entries.len() as u32 - start, reach, mask });
            }
        }
        (lists, entries)
    }
}

/// The new lists of one task's runs, where they need one.
struct ListSome<'a, const D: usize> {
    lists: &'a [List],
    bounds: &'a [Bounds<D>],
    /// All of those that are listed.
    entries: &'a [u16],
    slack: f32,
    book: &'a Codebook<D>,
    moved: &'a [usize],
}

impl<const D: usize> Kernel for ListSome<'_, D> {
    type Out = (Vec<Option<List>>, Vec<u16>);

    #[inline(always)]
    fn run(self) -> Self::Out {
        let points = self.book.points();
        let mut has_moved = vec![false; points.len()];
        self.moved.iter().for_each(|&k| has_moved[k] = true);
        let mask = self.moved.iter().fold(0, |mask, &k| mask | bit(k));
        let (all, mut near) = (Near::all(self.book), Near::default());
        let (mut anew, mut entries) = (Vec::with_capacity(self.lists.len()), Vec::new());
        for (list, bounds) in self.lists.iter().zip(self.bounds) {
            let old = &self.entries[list.start as usize..(list.start + list.len) as usize];
            let touched = (list.mask & mask != 0 && old.iter().any(|&k| has_moved[usize::from(k)]))
                || self.moved.iter().any(|&k| bounds.distance(&points[k]) <= list.reach);
            anew.push(touched.then(|| {
                let start = entries.len() as u32;
                let reach = near.list(&all, bounds, self.slack, &mut entries);
                let mask = mask_of(&entries[start as usize..]);
                List { start, len: entries.len() as u32 - start, reach, mask }
            }));
        }
        (anew, entries)
    }
}

/// What an entry wins and loses.
#[derive(Clone, Copy)]
struct Change<const D: usize> {
    sum: Moments<D>,
    members: i32,
}

struct MapTask<'a, const D: usize> {
    runs: &'a Runs<D>,
    book: &'a Codebook<D>,
    moved: &'a [bool],
    /// A bit for each of those, modulo 64.
    mask: u64,
    /// No point belongs to anyone yet.
    first: bool,
    task: usize,
    codes: &'a mut [u16],
}

impl<const D: usize> Kernel for MapTask<'_, D> {
    /// A change for each entry; nothing where no point changes hands.
    type Out = Option<Vec<Change<D>>>;

    #[inline(always)]
    fn run(self) -> Self::Out {
        let Self { runs, book, moved, mask, .. } = self;
        let start_of_task = self.task * RUNS_A_TASK;
        let has_moved = |&k: &u16| moved.get(usize::from(k)).is_none_or(|&moved| moved);
        let mut changes = None;
        for (i, codes) in self.codes.chunks_mut(LANES).enumerate() {
            let run = start_of_task + i;
            let List { start, len, mask: listed, .. } = runs.lists[run / RUNS_A_LIST];
            if listed & mask == 0 && !codes.iter().any(has_moved) {
                continue;
            }
            let list = &runs.entries[start as usize..(start + len) as usize];
            let at = |&entry: &u16| (entry, book.points()[usize::from(entry)]);
            let nearest = match *list {
                [only] => [only; LANES],
                _ => nearest_to_each(&runs.blocks[run], list.iter().map(at)),
            };
            let same = match <&[u16; LANES]>::try_from(&*codes) {
                Ok(codes) => *codes == nearest,
                Err(_) => codes == &nearest[..codes.len()],
            };
            if same && !self.first {
                continue;
            }
            let none = Change { sum: Moments::default(), members: 0 };
            let changes = changes.get_or_insert_with(|| vec![none; moved.len()]);
            for ((code, nearest), point) in codes.iter_mut().zip(nearest).zip(&runs.points[run * LANES..]) {
                if *code == nearest && !self.first {
                    continue;
                }
                if let Some(loser) = changes.get_mut(usize::from(*code)).filter(|_| !self.first) {
                    loser.sum = loser.sum.less(point);
                    loser.members -= 1;
                }
                changes[usize::from(nearest)].sum.merge(point);
                changes[usize::from(nearest)].members += 1;
                *code = nearest;
            }
        }
        changes
    }
}
