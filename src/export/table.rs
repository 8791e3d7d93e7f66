//! Rows of figures as CSV, as JSON and as text for a terminal.

use serde_json::{Map, Value, json};

pub struct Table {
    pub columns: Vec<Column>,
    /// One cell a column.
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Clone, Copy)]
pub struct Column {
    pub name: &'static str,
}

#[derive(Clone, Debug)]
pub enum Cell {
    Text(String),
    Int(u64),
    /// Infinity (an exact result in decibels) is `inf` in CSV and null in JSON, which has none.
    Number(f64),
    Shape(Vec<usize>),
    Missing,
}

impl Column {
    pub fn named(name: &'static str) -> Self {
        Self { name }
    }
}

impl Table {
    /// RFC 4180, with a header row and lines that end in a line feed.
    pub fn to_csv(&self) -> String {
        let mut text = self.columns.iter().map(|c| c.name).collect::<Vec<_>>().join(",") + "\n";
        for row in &self.rows {
            text += &row.iter().map(|cell| quoted(&cell.text(false))).collect::<Vec<_>>().join(",");
            text.push('\n');
        }
        text
    }

    /// An array of objects whose keys are the column names.
    pub fn to_json(&self) -> String {
        let object = |row: &Vec<Cell>| -> Value {
            let pairs = self.columns.iter().zip(row).map(|(c, cell)| (c.name.to_owned(), cell.json()));
            Value::Object(pairs.collect::<Map<_, _>>())
        };
        let rows: Vec<Value> = self.rows.iter().map(object).collect();
        format!("{:#}\n", Value::Array(rows))
    }

    /// Aligned columns; those in which no row has anything are left out.
    pub fn to_text(&self) -> String {
        let used: Vec<usize> = (0..self.columns.len())
            .filter(|&c| self.rows.iter().any(|r| !matches!(r[c], Cell::Missing | Cell::Int(0))))
            .collect();
        let cells: Vec<Vec<String>> =
            self.rows.iter().map(|r| used.iter().map(|&c| r[c].text(true)).collect()).collect();
        let width = |k: usize| {
            let head = self.columns[used[k]].name.chars().count();
            cells.iter().map(|r| r[k].chars().count()).max().unwrap_or(0).max(head)
        };
        let widths: Vec<usize> = (0..used.len()).map(width).collect();
        let line = |row: Vec<String>| -> String {
            let padded = row.iter().zip(&widths).map(|(cell, &w)| format!("{cell:<w$}")).collect::<Vec<_>>();
            padded.join("  ").trim_end().to_owned() + "\n"
        };
        let head = line(used.iter().map(|&c| self.columns[c].name.to_owned()).collect());
        cells.into_iter().fold(head, |text, row| text + &line(row))
    }
}

impl Cell {
    fn text(&self, short: bool) -> String {
        match self {
            Cell::Text(text) => text.clone(),
            Cell::Int(n) => n.to_string(),
            Cell::Number(x) if short && x.is_finite() => format!("{x:.6}"),
            Cell::Number(x) => x.to_string(),
            Cell::Shape(shape) => shape.iter().map(usize::to_string).collect::<Vec<_>>().join("x"),
            Cell::Missing => String::new(),
        }
    }

    fn json(&self) -> Value {
        match self {
            Cell::Text(text) => json!(text),
            Cell::Int(n) => json!(n),
            Cell::Number(x) => json!(x),
            Cell::Shape(shape) => json!(shape),
            Cell::Missing => Value::Null,
        }
    }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table {
            columns: ["name", "shape", "db", "note"].map(Column::named).into(),
            rows: vec![
                vec![Cell::Text("a,\"b\"".to_owned()), Cell::Shape(vec![2, 3]), Cell::Number(1.5), Cell::Missing],
                vec![Cell::Text("c".to_owned()), Cell::Shape(vec![]), Cell::Number(f64::INFINITY), Cell::Missing],
            ],
        }
    }

    #[test]
    fn csv_quotes_what_must_be_quoted() {
        assert_eq!(table().to_csv(), "name,shape,db,note\n\"a,\"\"b\"\"\",2x3,1.5,\nc,,inf,\n");
    }

    #[test]
    fn json_reads_back_with_null_for_infinity() {
        let value: Value = serde_json::from_str(&table().to_json()).unwrap();
        assert_eq!(value[0], json!({"name": "a,\"b\"", "shape": [2, 3], "db": 1.5, "note": null}));
        assert_eq!(value[1]["db"], Value::Null);
    }

    #[test]
    fn text_leaves_out_columns_with_nothing_in_them() {
        let text = table().to_text();
        assert!(!text.contains("note") && text.starts_with("name"), "{text}");
    }
}
