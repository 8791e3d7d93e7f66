//! The photos that are open, in the order in which they came, and the one that the panes are about.

use std::path::Path;
use std::sync::Arc;

use crate::picture::image::Image;
use crate::picture::{Picture, Thumbnail};
use crate::source::photo::Photo;
use crate::view::document::{DocumentId, Origin, PhotoDocument};

/// What the photos beside the current one may take in memory, about: the longest unused are read again when they are
/// chosen. Two photos of 16 megapixels, each with its counted colours.
pub const MOST_BYTES: usize = 256 << 20;

/// Most photos that one folder brings.
pub const MOST_OF_FOLDER: usize = 500;

/// Width and height of the small pictures, in pixels.
const THUMBNAIL: (u32, u32) = (96, 64);

/// A photo that has just been read, with what a worker finds out of it.
pub struct ReadPhoto {
    /// How it is read again.
    pub(crate) origin: Origin,
    /// The photo; none where there is no room for more of them.
    pub(crate) photo: Option<Arc<Photo>>,
    name: String,
    extent: (u32, u32),
    file_bytes: u64,
    fingerprint: u64,
    thumbnail: Thumbnail,
}

impl ReadPhoto {
    /// Looks the photo over, in a worker.
    pub(crate) fn new(origin: Origin, photo: Arc<Photo>) -> Self {
        Self {
            origin,
            name: photo.name.clone(),
            extent: (photo.image.width, photo.image.height),
            file_bytes: photo.file_bytes,
            fingerprint: fingerprint(&photo.image),
            thumbnail: Picture::new_rgba(photo.image.small()).thumbnail(THUMBNAIL.0, THUMBNAIL.1),
            photo: Some(photo),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// A photo as a test makes one, that came without a file.
    pub fn of(photo: Arc<Photo>) -> Self {
        Self::new(Origin::Pasted(photo.clone()), photo)
    }
}

/// Tells pictures apart: FNV-1a over the size and pairs of pixels. Cost: 1 ms a megapixel.
fn fingerprint(image: &Image) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let (pairs, rest) = image.rgba.as_chunks::<2>();
    let size = u64::from(image.width) << 32 | u64::from(image.height);
    let pixels = pairs.iter().map(|[a, b]| u64::from(u32::from_le_bytes(*a)) << 32 | u64::from(u32::from_le_bytes(*b)));
    let rest = rest.iter().map(|a| u64::from(u32::from_le_bytes(*a)));
    std::iter::once(size).chain(pixels).chain(rest).fold(OFFSET, |hash, x| (hash ^ x).wrapping_mul(PRIME))
}

/// A photo that is open.
pub struct OpenPhoto {
    /// What it is known by.
    pub id: DocumentId,
    /// The file's name without its folder.
    pub name: String,
    /// Width and height in pixels.
    pub extent: (u32, u32),
    /// The length of its file; 0 where there is none.
    pub file_bytes: u64,
    pub(crate) thumbnail: Thumbnail,
    pub(crate) origin: Origin,
    fingerprint: u64,
    /// While there is room for its pixels.
    document: Option<PhotoDocument>,
    /// The same with its edits, where there are any.
    edited: Option<PhotoDocument>,
    last_use: u64,
}

impl OpenPhoto {
    fn new(id: DocumentId, read: ReadPhoto, last_use: u64) -> Self {
        let ReadPhoto { origin, photo, name, extent, file_bytes, fingerprint, thumbnail } = read;
        let document = photo.map(|photo| PhotoDocument { id, photo });
        Self { id, name, extent, file_bytes, thumbnail, origin, fingerprint, document, edited: None, last_use }
    }

    /// The photo, while its pixels are in memory.
    pub fn document(&self) -> Option<&PhotoDocument> {
        self.document.as_ref()
    }

    /// Where its file is, if it came from one.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.origin.path()
    }

    /// Pixels, and about as much for their counted colours.
    fn bytes(&self) -> usize {
        [&self.document, &self.edited].into_iter().flatten().map(|document| pixel_bytes(&document.photo)).sum()
    }

    /// Whether it was read from there: the same file, or what came without one by the same name.
    fn is_from(&self, read: &ReadPhoto) -> bool {
        let (own, other) = (self.origin.path(), read.origin.path());
        own == other && (own.is_some() || self.name == read.name)
    }
}

/// What a photo takes in memory, about.
pub(crate) fn pixel_bytes(photo: &Photo) -> usize {
    8 * photo.image.rgba.len()
}

/// What became of a photo that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is open for the first time.
    New,
    /// It was open already, with the same pixels.
    Known(DocumentId),
    /// It takes the place of what its file held before.
    InPlaceOf(DocumentId),
}

/// The photos that are open; at most one of them is the current one.
pub struct Photos {
    list: Vec<OpenPhoto>,
    current: Option<DocumentId>,
    /// The one that was chosen and is being read again.
    awaited: Option<DocumentId>,
    clock: u64,
    most_bytes: usize,
}

impl Default for Photos {
    fn default() -> Self {
        Self::of_bytes(MOST_BYTES)
    }
}

impl Photos {
    /// None yet; those beside the current one will take no more than so many bytes together.
    pub fn of_bytes(most_bytes: usize) -> Self {
        Self { list: Vec::new(), current: None, awaited: None, clock: 0, most_bytes }
    }

    /// The photo that the panes are about, with its edits: each edit gives it another id.
    pub fn current(&self) -> Option<&PhotoDocument> {
        let photo = self.get(self.current?)?;
        photo.edited.as_ref().or(photo.document())
    }

    /// The same as it was opened.
    pub fn opened(&self) -> Option<&PhotoDocument> {
        self.get(self.current?)?.document()
    }

    /// Shows the current photo with edits, or as it was opened.
    pub(crate) fn show_edited(&mut self, document: PhotoDocument) {
        let current = self.current;
        if let Some(photo) = self.list.iter_mut().find(|photo| Some(photo.id) == current) {
            photo.edited = Some(document).filter(|document| document.id != photo.id);
        }
    }

    /// What the photo on show is known by in the list.
    pub fn current_id(&self) -> Option<DocumentId> {
        self.current
    }

    /// All of them, in the order in which they came.
    pub fn list(&self) -> &[OpenPhoto] {
        &self.list
    }

    /// The one of this number.
    pub fn get(&self, id: DocumentId) -> Option<&OpenPhoto> {
        self.list.iter().find(|photo| photo.id == id)
    }

    /// The chosen one: the current one, or the one that is to be it once it has been read again.
    pub fn chosen(&self) -> Option<DocumentId> {
        self.awaited.or(self.current)
    }

    /// The one that is to be read again.
    pub(crate) fn awaited(&self) -> Option<&OpenPhoto> {
        self.get(self.awaited?)
    }

    /// The place of the chosen one, from 0.
    pub fn place(&self) -> Option<usize> {
        let chosen = self.chosen()?;
        self.list.iter().position(|photo| photo.id == chosen)
    }

    /// The photo so many places after the chosen one; behind the last comes the first.
    pub fn neighbour(&self, by: i32) -> Option<DocumentId> {
        let next = (self.place()? as i64 + i64::from(by)).rem_euclid(self.list.len() as i64);
        self.list.get(next as usize).map(|photo| photo.id)
    }

    /// Takes a photo that was read; `id` is its number if it is new here. The bound is kept by [`Photos::choose`] and
    /// [`Photos::free`], which one of follows.
    pub fn take(&mut self, id: DocumentId, read: ReadPhoto) -> Taken {
        self.clock += 1;
        let clock = self.clock;
        let Some(old) = self.list.iter_mut().find(|photo| photo.is_from(&read)) else {
            self.list.push(OpenPhoto::new(id, read, clock));
            return Taken::New;
        };
        let known = old.id;
        if old.fingerprint == read.fingerprint && old.extent == read.extent {
            old.document = old.document.take().or(read.photo.map(|photo| PhotoDocument { id: known, photo }));
            old.last_use = clock;
            return Taken::Known(known);
        }
        *old = OpenPhoto::new(id, read, clock);
        self.leave(known);
        Taken::InPlaceOf(known)
    }

    /// Makes a photo the current one, or has it read again first; returns whether it is the current one now.
    pub fn choose(&mut self, id: DocumentId) -> bool {
        self.clock += 1;
        let Some(photo) = self.list.iter_mut().find(|photo| photo.id == id) else { return false };
        photo.last_use = self.clock;
        if photo.document.is_none() {
            self.awaited = Some(id);
            return false;
        }
        (self.current, self.awaited) = (Some(id), None);
        self.free();
        true
    }

    /// The chosen photo is not waited for any longer.
    pub(crate) fn give_up(&mut self) {
        self.awaited = None;
    }

    /// Takes a photo off the list. Of the current one, the next is chosen.
    pub fn close(&mut self, id: DocumentId) -> Option<DocumentId> {
        let at = self.list.iter().position(|photo| photo.id == id)?;
        self.list.remove(at);
        let was_chosen = self.chosen() == Some(id);
        self.leave(id);
        let next = self.list.get(at).or(self.list.last()).map(|photo| photo.id);
        next.filter(|_| was_chosen || self.chosen().is_none())
    }

    /// Neither shown nor waited for.
    fn leave(&mut self, id: DocumentId) {
        if self.current == Some(id) {
            self.current = None;
        }
        self.awaited = self.awaited.filter(|awaited| *awaited != id);
    }

    /// How the photo is read again from now on.
    pub(crate) fn set_origin(&mut self, name: &str, origin: Origin) {
        let pasted = |photo: &&mut OpenPhoto| photo.name == name && matches!(photo.origin, Origin::Pasted(_));
        if let Some(photo) = self.list.iter_mut().find(pasted) {
            photo.origin = origin;
        }
    }

    /// Lets go of pixels beyond the bound, those of the longest unused first.
    pub fn free(&mut self) {
        let mut spare: Vec<&mut OpenPhoto> =
            self.list.iter_mut().filter(|photo| Some(photo.id) != self.current && photo.document.is_some()).collect();
        spare.sort_by_key(|photo| std::cmp::Reverse(photo.last_use));
        let mut bytes = 0;
        for photo in spare {
            bytes += photo.bytes();
            if bytes > self.most_bytes {
                (photo.document, photo.edited) = (None, None);
            }
        }
    }
}
