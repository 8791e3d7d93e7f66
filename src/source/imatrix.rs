//! llama.cpp's importance matrix: for each input of a matrix, the mean square of what came through it.
//!
//! Two layouts. GGUF: for each matrix the tensors `NAME.in_sum2`, sums of squares, and `NAME.counts`, how
//! many were summed, one row for each of its parts (experts): importance = in_sum2 / counts. The older
//! binary one, little-endian: i32 entries; for each an i32 length and the name, i32 calls, i32 values and
//! as many f32 sums: importance = sum / calls; then, optionally, i32 chunks and the data set's name.
//! Every length is checked against the bytes that are left. Source: llama.cpp, tools/imatrix.

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use safetensors::Dtype as Stored;

use super::bytes::Bytes;
use super::error::{BindError, Cause, Misfit, OpenError};
use super::gguf;
use super::model::Model;
use super::naming::Naming;
use super::tensor::{Dtype, Tensor};

/// How much the squared error of each column of a matrix counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    /// For each part (one, or as many as there are experts), one number a column: finite, not negative.
    pub parts: Vec<Vec<f32>>,
}

/// An importance matrix as its file has it, before it is matched to a model.
#[derive(Clone, Debug)]
pub struct Imatrix {
    /// The file as the user named it, for messages.
    pub name: String,
    /// By the name of the matrix.
    pub entries: BTreeMap<String, Columns>,
}

/// An importance matrix laid beside the tensors of a model.
#[derive(Clone, Debug)]
pub struct Importance {
    /// The file as the user named it, for messages.
    pub name: String,
    /// One for each tensor of the model.
    columns: Vec<Option<Arc<Columns>>>,
    /// Tensors that it has something to say of.
    pub matched: usize,
    /// Mean importance of a weight over those.
    pub mean: f64,
}

/// Whether a file is opened as an importance matrix: told from its content.
pub fn is_imatrix(path: &Path) -> bool {
    File::open(path).and_then(|file| Bytes::map(&file)).is_ok_and(|bytes| looks_like(&bytes))
}

/// A GGUF with sums of squares, or the older layout's first entry: a count, a plain name, and values that fit the file.
fn looks_like(bytes: &[u8]) -> bool {
    if bytes.starts_with(gguf::MAGIC) {
        return gguf::Header::parse(bytes).is_ok_and(|h| h.tensors.iter().any(|t| t.name.ends_with(".in_sum2")));
    }
    let mut rest = bytes;
    let mut first = || {
        let count = number(&mut rest)?;
        let length = number(&mut rest)?;
        let name = take(&mut rest, length)?;
        let (_calls, values) = (number(&mut rest)?, number(&mut rest)?);
        let plain = !name.is_empty() && name.iter().all(|b| b.is_ascii_graphic());
        Ok::<bool, Cause>(count > 0 && plain && values > 0 && values.saturating_mul(4) <= rest.len())
    };
    first().unwrap_or(false)
}

impl Imatrix {
    /// Opens an importance matrix in either layout.
    ///
    /// # Errors
    /// One line that names the file and the cause.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let (name, bytes) = (path.display().to_string(), Bytes::open(path, |_| None)?);
        Self::parse(&name, bytes).map_err(|cause| OpenError::new(name, cause))
    }

    /// Reads an importance matrix from a file's bytes; `name` is for messages.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    pub fn parse(name: &str, bytes: Bytes) -> Result<Self, Cause> {
        let entries = if bytes.starts_with(gguf::MAGIC) { of_gguf(name, bytes)? } else { of_binary(&bytes)? };
        if entries.is_empty() {
            return Err(malformed("it has no entries"));
        }
        Ok(Self { name: name.to_owned(), entries })
    }

    /// Lays it beside a model.
    ///
    /// # Errors
    /// It was made for another model.
    pub fn bind(&self, model: &Model) -> Result<Importance, BindError> {
        let naming = Naming::of(model);
        let misfits = |misfit| BindError { name: self.name.clone(), misfit };
        let mut columns = vec![None; model.tensors.len()];
        let (mut sum, mut weights) = (0.0, 0.0);
        for (tensor, slot) in model.tensors.iter().zip(&mut columns) {
            let entry = self.entries.get(&tensor.name).or_else(|| self.entries.get(&naming.gguf_name(&tensor.name)?));
            let Some(entry) = entry else { continue };
            entry.check(tensor).map_err(misfits)?;
            sum += entry.mean() * tensor.values as f64;
            weights += tensor.values as f64;
            *slot = Some(Arc::new(entry.clone()));
        }
        let matched = columns.iter().flatten().count();
        if matched == 0 {
            let some = self.entries.keys().next().cloned().unwrap_or_default();
            return Err(misfits(Misfit::Names { some, model: model.name.clone() }));
        }
        Ok(Importance { name: self.name.clone(), columns, matched, mean: sum / f64::max(weights, 1.0) })
    }
}

impl Importance {
    /// The importances for a tensor, by its place in the model; none where the file has nothing for it.
    pub fn of(&self, tensor: usize) -> Option<&Arc<Columns>> {
        self.columns.get(tensor)?.as_ref()
    }
}

impl Columns {
    /// Importances that hold for all rows.
    pub fn new(columns: Vec<f32>) -> Self {
        Self { parts: vec![columns] }
    }

    /// The importance of each weight in a range of a tensor with this many values.
    pub fn over(&self, range: Range<usize>, values: usize) -> Vec<f32> {
        let width = self.parts.first().map_or(1, Vec::len).max(1);
        let part = (values / self.parts.len().max(1)).max(width);
        let mut out = Vec::with_capacity(range.len());
        let mut at = range.start;
        while at < range.end {
            let row = self.parts.get(at / part).or(self.parts.last()).map(Vec::as_slice).unwrap_or_default();
            let column = at % width;
            let take = (width - column).min(range.end - at);
            match row.get(column..column + take) {
                Some(run) => out.extend_from_slice(run),
                None => out.extend(std::iter::repeat_n(1.0, take)),
            }
            at += take;
        }
        out
    }

    fn mean(&self) -> f64 {
        let all = self.parts.iter().flatten();
        all.clone().map(|w| f64::from(*w)).sum::<f64>() / all.count().max(1) as f64
    }

    fn check(&self, tensor: &Tensor) -> Result<(), Misfit> {
        let row = tensor.row_len();
        let columns = self.parts.first().map_or(0, Vec::len);
        if columns != row {
            return Err(Misfit::Columns { tensor: tensor.name.clone(), columns, row });
        }
        let (parts, rows) = (self.parts.len(), tensor.values / row.max(1));
        let outer = tensor.shape.first().copied().unwrap_or(1);
        if parts > 1 && (tensor.shape.len() < 3 || outer != parts || !rows.is_multiple_of(parts)) {
            return Err(Misfit::Parts { tensor: tensor.name.clone(), parts, outer });
        }
        Ok(())
    }

    /// Sums over counts, a part each. Of a part that nothing came through, nothing is known: it gets the
    /// mean of the others, and where there are none, all count the same.
    fn of_sums(name: &str, sums: &[f32], counts: &[f32]) -> Result<Self, Cause> {
        let width = sums.len() / counts.len().max(1);
        if width == 0 || width * counts.len() != sums.len() {
            return Err(malformed(&format!("the sums and counts of '{name}' do not fit together")));
        }
        let broken = |x: &f32| !x.is_finite() || *x < 0.0;
        if sums.iter().chain(counts).any(broken) {
            return Err(malformed(&format!("'{name}' has an importance that is negative or no number")));
        }
        let part = |(sums, count): (&[f32], &f32)| -> Option<Vec<f32>> {
            (*count > 0.0).then(|| sums.iter().map(|s| (s / count).min(f32::MAX)).collect())
        };
        let parts: Vec<_> = sums.chunks_exact(width).zip(counts).map(part).collect();
        let seen: Vec<&Vec<f32>> = parts.iter().flatten().collect();
        let unseen: Vec<f32> = match seen.len() {
            0 => vec![1.0; width],
            n => (0..width).map(|c| seen.iter().map(|part| part[c] / n as f32).sum()).collect(),
        };
        Ok(Self { parts: parts.into_iter().map(|part| part.unwrap_or_else(|| unseen.clone())).collect() })
    }
}

fn of_gguf(name: &str, bytes: Bytes) -> Result<BTreeMap<String, Columns>, Cause> {
    let file = Model::parse_gguf(name.to_owned(), None, bytes)?;
    let read = |t: usize| {
        let mut values = Vec::new();
        file.read(t, 0..file.tensors[t].values, &mut values);
        values
    };
    let mut entries = BTreeMap::new();
    for (t, info) in file.tensors.iter().enumerate() {
        let Some(matrix) = info.name.strip_suffix(".in_sum2") else { continue };
        let counts = file.tensors.iter().position(|c| c.name.strip_suffix(".counts") == Some(matrix));
        let counts = counts.ok_or_else(|| malformed(&format!("'{matrix}' has sums and no counts")))?;
        if [t, counts].iter().any(|&t| file.tensors[t].dtype != Dtype::Plain(Stored::F32)) {
            return Err(malformed(&format!("the sums or counts of '{matrix}' are not F32")));
        }
        entries.insert(matrix.to_owned(), Columns::of_sums(matrix, &read(t), &read(counts))?);
    }
    if entries.is_empty() {
        return Err(Cause::Unsupported("this GGUF holds no importances (in_sum2): it is no importance matrix".into()));
    }
    Ok(entries)
}

fn of_binary(bytes: &[u8]) -> Result<BTreeMap<String, Columns>, Cause> {
    let mut rest = bytes;
    let count = number(&mut rest)?;
    // An entry takes at least 13 bytes.
    if count == 0 || count.saturating_mul(13) > rest.len() {
        return Err(Cause::UnknownKind("neither a GGUF nor an older importance matrix of llama.cpp".into()));
    }
    let mut entries = BTreeMap::new();
    for _ in 0..count {
        let length = number(&mut rest)?;
        let name = std::str::from_utf8(take(&mut rest, length)?).map_err(|_| malformed("a name is not UTF-8"))?;
        let calls = number(&mut rest)?;
        let values = number(&mut rest)?;
        let data = take(&mut rest, values.checked_mul(4).ok_or_else(|| malformed("it is cut short"))?)?;
        let sums: Vec<f32> = data.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
        if name.is_empty() || sums.is_empty() {
            return Err(malformed("an entry has no name or no values"));
        }
        let columns = Columns::of_sums(name, &sums, &[calls as f32])?;
        if entries.insert(name.to_owned(), columns).is_some() {
            return Err(malformed(&format!("two entries are called '{name}'")));
        }
    }
    Ok(entries)
}

/// An i32 that counts something.
fn number(rest: &mut &[u8]) -> Result<usize, Cause> {
    let bytes = take(rest, 4)?.try_into().unwrap_or_default();
    usize::try_from(i32::from_le_bytes(bytes)).map_err(|_| malformed("a length is negative"))
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Result<&'a [u8], Cause> {
    let (taken, left) = rest.split_at_checked(count).ok_or_else(|| malformed("it is cut short"))?;
    *rest = left;
    Ok(taken)
}

fn malformed(why: &str) -> Cause {
    Cause::Malformed(format!("not a valid importance matrix: {why}"))
}
