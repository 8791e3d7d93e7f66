//! A report to hand on: headline, sentences, plots and tables, as Markdown or as one page of HTML that
//! needs nothing beside it: no script, no font, no picture from elsewhere.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::exporter::Exporter;
use super::svg::{Plot, escape};
use super::table::{Cell, Table};

/// An exporter of a report; its `write` returns the text of the file.
pub type OfDocument = Exporter<fn(&Document) -> String>;

/// Markdown: a heading, a list and the tables; pictures and plots are left out.
pub static MARKDOWN: OfDocument = Exporter { label: "Markdown", ending: "md", write: Document::to_markdown };
/// One page of HTML with everything inside it.
pub static HTML: OfDocument = Exporter { label: "HTML", ending: "html", write: Document::to_html };

/// A report of a headline, sentences, pictures, plots and tables.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The headline, of the page and of its window; plain text, as everywhere in a document.
    pub title: String,
    /// The sentences below the headline, one an item of a list.
    pub lines: Vec<String>,
    /// In HTML only: Markdown has no place for them.
    pub pictures: Vec<Picture>,
    /// In HTML only.
    pub plots: Vec<Plot>,
    /// Each table under its own heading.
    pub tables: Vec<(String, Table)>,
}

/// A picture inside the page, pixel for pixel, with what is said of it.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The caption's first line, which also is the image's alternative text.
    pub title: String,
    /// The further lines of the caption.
    pub lines: Vec<String>,
    /// The bytes of the file.
    pub png: Arc<Vec<u8>>,
}

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}\
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}\
svg{width:100%;height:auto;max-width:60rem;display:block;margin:1.5rem 0}\
figure{margin:1.5rem 0}img{max-width:100%;height:auto;display:block}figcaption{font-size:13px}\
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:13px}\
th,td{padding:.2rem .6rem;border-bottom:1px solid #8884;text-align:right;white-space:nowrap}\
th{position:sticky;top:0;background:Canvas}th.text,td.text{text-align:left}";

impl Document {
    /// The document as Markdown, which ends in a line break; line breaks inside a line of text become spaces.
    pub fn to_markdown(&self) -> String {
        let mut out = format!("# {}\n\n", one_line(&self.title));
        for line in &self.lines {
            out += &format!("- {}\n", one_line(line));
        }
        for (title, table) in &self.tables {
            out += &format!("\n## {}\n\n{}", one_line(title), table.to_markdown());
        }
        out
    }

    /// The document as one HTML page that refers to no other file; all text is escaped.
    pub fn to_html(&self) -> String {
        let title = escape(&self.title);
        let mut out = format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
             <style>{STYLE}</style></head><body>\n<h1>{title}</h1>\n<ul>\n"
        );
        for line in &self.lines {
            out += &format!("<li>{}</li>\n", escape(line));
        }
        out += "</ul>\n";
        self.pictures.iter().for_each(|picture| out += &picture_html(picture));
        self.plots.iter().for_each(|plot| out += &plot.to_svg());
        for (title, table) in &self.tables {
            out += &format!("<h2>{}</h2>\n<div class=\"wide\">{}</div>\n", escape(title), table_html(table));
        }
        out + "</body></html>\n"
    }
}

fn picture_html(picture: &Picture) -> String {
    let title = escape(&picture.title);
    let lines: String = picture.lines.iter().map(|line| format!("<br>{}", escape(line))).collect();
    let data = BASE64.encode(&*picture.png);
    format!(
        "<figure><img alt=\"{title}\" src=\"data:image/png;base64,{data}\">\
         <figcaption><strong>{title}</strong>{lines}</figcaption></figure>\n"
    )
}

fn table_html(table: &Table) -> String {
    let class = |text: bool| if text { " class=\"text\"" } else { "" };
    let texts: Vec<bool> = (0..table.columns.len()).map(|i| table.is_text(i)).collect();
    let mut out = String::from("<table><thead><tr>");
    for (column, text) in table.columns.iter().zip(&texts) {
        out += &format!("<th{}>{}</th>", class(*text), escape(&column.title()));
    }
    out += "</tr></thead><tbody>\n";
    for row in &table.rows {
        out += "<tr>";
        for (cell, text) in table.cells(row).zip(&texts) {
            out += &format!("<td{}>{}</td>", class(*text), escape(&Cell::short(cell)));
        }
        out += "</tr>\n";
    }
    out + "</tbody></table>"
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}
