//! Rows of figures as CSV, JSON and aligned text. The names of the columns are the contract with
//! scripts: CSV's first line and JSON's keys are exactly these.

use serde_json::Value;

use super::exporter::Exporter;

/// An exporter of a table; its `write` returns the text of the file.
pub type OfTable = Exporter<fn(&Table) -> String>;

/// Comma-separated values: see [`Table::to_csv`].
pub static CSV: OfTable = Exporter { label: "CSV", ending: "csv", write: Table::to_csv };
/// JSON: see [`Table::to_json`].
pub static JSON: OfTable = Exporter { label: "JSON", ending: "json", write: Table::to_json };

/// A column's name as scripts read it, and its unit for people (empty where there is none).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Key in JSON and heading in CSV, in snake case.
    pub name: &'static str,
    /// The unit, such as `dB`, shown in headings for people only.
    pub unit: &'static str,
}

/// A column of a table of things: its name, its unit, and what stands in it for one of them.
pub(crate) type ColumnOf<T> = (&'static str, &'static str, fn(&T) -> Cell);

/// A value of a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Cell {
    /// Text, quoted or escaped as the file needs it.
    Text(String),
    /// A count, exact in every kind of file.
    Int(u64),
    /// Any float. An infinite one (the SQNR of an exact result) is `inf` in CSV and text; JSON has no
    /// such number, so there it is null, as NaN is, and a column beside it has its [`db_status`].
    Number(f64),
    /// A tensor's dimensions: `32x64` in CSV, `[32, 64]` in JSON. Without dimensions: `scalar` and `[]`.
    Shape(Vec<usize>),
    /// There is no such figure: nothing in CSV, null in JSON.
    #[default]
    Missing,
}

/// What a figure in decibels is, which JSON has no number for where it is not finite.
pub fn db_status(db: f64) -> &'static str {
    match db {
        f64::INFINITY => "exact",
        f64::NEG_INFINITY => "all lost",
        db if db.is_nan() => NOT_MEASURED,
        _ => "measured",
    }
}

/// The status where there is no figure; why, is told beside it.
pub const NOT_MEASURED: &str = "not measured";

/// Rows are read by position; one shorter than `columns` ends in missing cells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The columns from left to right.
    pub columns: Vec<Column>,
    /// The rows from the top, each with one cell a column.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A row for each of the things.
    pub(crate) fn of<T>(things: impl IntoIterator<Item = T>, columns: &[ColumnOf<T>]) -> Self {
        let row = |thing: T| columns.iter().map(|(.., cell)| cell(&thing)).collect();
        let rows = things.into_iter().map(row).collect();
        Self { columns: columns.iter().map(|&(name, unit, _)| Column { name, unit }).collect(), rows }
    }

    /// A line of names, then a line a row, quoted as RFC 4180 says. Lines end in a bare line feed, which
    /// every reader takes and line tools need.
    pub fn to_csv(&self) -> String {
        let mut csv = String::new();
        push_csv_line(&mut csv, self.columns.iter().map(|c| c.name.to_owned()));
        for row in &self.rows {
            push_csv_line(&mut csv, self.cells(row).map(Cell::plain));
        }
        csv
    }

    /// An array of objects, one a line, keys in the order of the columns. Null stands for a figure that
    /// is missing, infinite or not a number.
    pub fn to_json(&self) -> String {
        let objects: Vec<String> = self.rows.iter().map(|row| self.object(row)).collect();
        if objects.is_empty() { "[]\n".into() } else { format!("[\n{}\n]\n", objects.join(",\n")) }
    }

    /// Columns aligned for reading in a terminal, numbers to the right, with the units in the first line.
    pub fn to_text(&self) -> String {
        let mut lines: Vec<Vec<String>> = vec![self.columns.iter().map(Column::title).collect()];
        lines.extend(self.rows.iter().map(|row| self.cells(row).map(Cell::short).collect()));
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|i| lines.iter().filter_map(|line| line.get(i)).map(|s| s.chars().count()).max().unwrap_or(0))
            .collect();
        let leftward: Vec<bool> = (0..self.columns.len()).map(|i| self.is_text(i)).collect();
        let mut text = String::new();
        for line in &lines {
            let padded = line.iter().zip(&widths).zip(&leftward).map(|((cell, &width), &left)| match left {
                true => format!("{cell:<width$}"),
                false => format!("{cell:>width$}"),
            });
            text.push_str(padded.collect::<Vec<_>>().join("  ").trim_end());
            text.push('\n');
        }
        text
    }

    /// A line a figure: its name, a tab and the figure; an empty line between two rows. What is missing is left out.
    pub fn to_lines(&self) -> String {
        let of_row = |row: &Vec<Cell>| {
            let figures = self.columns.iter().zip(self.cells(row)).filter(|(_, cell)| **cell != Cell::Missing);
            figures.map(|(column, cell)| format!("{}\t{}\n", column.title(), cell.plain())).collect::<String>()
        };
        self.rows.iter().map(of_row).collect::<Vec<_>>().join("\n")
    }

    /// A table of GitHub's Markdown, with the units in its first line.
    pub fn to_markdown(&self) -> String {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let plain = |text: String| {
            text.replace(['\n', '\r'], " ").replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;")
        };
        let mut out = line(self.columns.iter().map(Column::title).collect());
        out += &line((0..self.columns.len()).map(|i| if self.is_text(i) { ":--" } else { "--:" }.to_owned()).collect());
        for row in &self.rows {
            out += &line(self.cells(row).map(|cell| plain(cell.short())).collect());
        }
        out
    }

    pub(super) fn cells<'a>(&'a self, row: &'a [Cell]) -> impl Iterator<Item = &'a Cell> {
        (0..self.columns.len()).map(|i| row.get(i).unwrap_or(&Cell::Missing))
    }

    pub(super) fn is_text(&self, column: usize) -> bool {
        self.rows.iter().any(|row| matches!(row.get(column), Some(Cell::Text(_) | Cell::Shape(_))))
    }

    // Not through serde_json's map, which would sort the keys.
    fn object(&self, row: &[Cell]) -> String {
        let pairs = self.columns.iter().zip(self.cells(row));
        let pairs = pairs.map(|(column, cell)| format!("{}: {}", Value::from(column.name), cell.json()));
        format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
    }
}

impl Column {
    /// For people: with its unit, which a name for scripts may end in.
    pub fn title(&self) -> String {
        let unit = self.unit;
        let bare = self.name.strip_suffix(&unit.to_lowercase()).and_then(|name| name.strip_suffix('_'));
        match unit {
            "" => self.name.to_owned(),
            unit => format!("{} ({unit})", bare.unwrap_or(self.name)),
        }
    }
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// In full: a number reads back as the same number.
    fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Int(n) => n.to_string(),
            Self::Number(x) if x.is_nan() => "nan".into(),
            Self::Number(x) if x.is_finite() && *x != 0.0 && !(1e-5..1e15).contains(&x.abs()) => format!("{x:e}"),
            Self::Number(x) => x.to_string(),
            Self::Shape(sides) if sides.is_empty() => "scalar".into(),
            Self::Shape(sides) => sides.iter().map(usize::to_string).collect::<Vec<_>>().join("x"),
            Self::Missing => String::new(),
        }
    }

    /// For the eye: about five digits.
    pub(super) fn short(&self) -> String {
        match self {
            Self::Number(x) if x.is_finite() && *x != 0.0 && !(1e-3..1e6).contains(&x.abs()) => format!("{x:.4e}"),
            Self::Number(x) if x.is_finite() => format!("{x:.4}"),
            Self::Missing => "–".into(),
            _ => self.plain(),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Text(text) => Value::from(text.as_str()),
            Self::Int(n) => Value::from(*n),
            Self::Number(x) => Value::from(*x),
            Self::Shape(sides) => Value::from(sides.as_slice()),
            Self::Missing => Value::Null,
        }
    }
}

fn push_csv_line(csv: &mut String, fields: impl Iterator<Item = String>) {
    let quoted = fields.map(|field| match field.contains([',', '"', '\r', '\n']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field,
    });
    csv.push_str(&quoted.collect::<Vec<_>>().join(","));
    csv.push('\n');
}
