//! A plot as SVG text, to stand inside a page: lines, dots and steps over two axes, with a legend.
//!
//! Colours of the text and the axes are those of the page around it (`currentColor`), so the plot reads in
//! light and dark; those of the series are Okabe and Ito's, which colour-blind eyes can tell apart.

use std::fmt::Write;

/// A plot of several series over shared linear axes, whose ranges follow from the points.
#[derive(Clone, Debug)]
pub struct Plot {
    /// The line above the plot, which also is its name for screen readers.
    pub title: String,
    /// Name and unit of the horizontal axis.
    pub x_label: String,
    /// Name and unit of the vertical axis.
    pub y_label: String,
    /// What is drawn, first at the bottom; those beyond the eighteenth have no line in the legend.
    pub series: Vec<Series>,
}

/// A named list of points drawn in one colour.
#[derive(Clone, Debug)]
pub struct Series {
    /// The name in the legend and in the tooltips of dots.
    pub name: String,
    /// Horizontal and vertical value of each point, in drawing order; points that are not finite are left out.
    pub points: Vec<[f64; 2]>,
    /// How the points are drawn.
    pub mark: Mark,
}

impl Series {
    pub(super) fn new(name: impl Into<String>, points: Vec<[f64; 2]>, mark: Mark) -> Self {
        Self { name: name.into(), points, mark }
    }
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A solid line through the points, in the series' own colour.
    Line,
    /// A dashed grey line, for theory.
    Dashed,
    /// A dot at each point.
    Dots,
    /// A line through dots.
    Both,
}

const WIDTH: f64 = 880.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 190.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 46.0;
const COLOURS: [&str; 8] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#b59f00", "#8c6bb1"];
const THEORY: &str = "#888888";
/// Marks in a legend; more would run out of the picture.
const LEGEND: usize = 18;

impl Plot {
    /// The plot as one `<svg>` element to be put into an HTML page.
    pub fn to_svg(&self) -> String {
        let finite = |p: &&[f64; 2]| p[0].is_finite() && p[1].is_finite();
        let all: Vec<[f64; 2]> = self.series.iter().flat_map(|s| s.points.iter().filter(finite).copied()).collect();
        let x = Axis::of(all.iter().map(|p| p[0]), LEFT, WIDTH - RIGHT);
        let y = Axis::of(all.iter().map(|p| p[1]), HEIGHT - BOTTOM, TOP);
        let mut out = format!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{0}\" font-size=\"12\" fill=\"currentColor\">\n\
             <text x=\"{LEFT}\" y=\"18\" font-size=\"15\" font-weight=\"600\">{0}</text>\n",
            escape(&self.title)
        );
        let _ = out.write_str(&self.frame(&x, &y));
        let (mut colour, mut legend) = (0, 0);
        for series in &self.series {
            let stroke = if series.mark == Mark::Dashed { THEORY } else { COLOURS[colour % COLOURS.len()] };
            colour += usize::from(series.mark != Mark::Dashed);
            let points: Vec<(f64, f64)> =
                series.points.iter().filter(finite).map(|p| (x.place(p[0]), y.place(p[1]))).collect();
            if series.mark != Mark::Dots {
                let line: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
                let dash = if series.mark == Mark::Dashed { " stroke-dasharray=\"5 4\"" } else { "" };
                let _ = writeln!(
                    out,
                    "<polyline fill=\"none\" stroke=\"{stroke}\" stroke-width=\"1.5\"{dash} points=\"{}\"/>",
                    line.join(" ")
                );
            }
            if matches!(series.mark, Mark::Dots | Mark::Both) {
                for ((x, y), p) in points.iter().zip(series.points.iter().filter(finite)) {
                    let _ = writeln!(
                        out,
                        "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{stroke}\"><title>{}: {}, {}</title></circle>",
                        escape(&series.name),
                        short(p[0]),
                        short(p[1])
                    );
                }
            }
            if legend < LEGEND {
                let at = TOP + 8.0 + 17.0 * legend as f64;
                let _ = writeln!(
                    out,
                    "<rect x=\"{0}\" y=\"{1}\" width=\"14\" height=\"3\" fill=\"{stroke}\"/><text x=\"{2}\" y=\"{3}\">{4}</text>",
                    WIDTH - RIGHT + 14.0,
                    at - 5.0,
                    WIDTH - RIGHT + 34.0,
                    at,
                    escape(&series.name)
                );
            }
            legend += 1;
        }
        out + "</svg>\n"
    }

    fn frame(&self, x: &Axis, y: &Axis) -> String {
        let mut out = String::new();
        for value in y.ticks() {
            let at = y.place(value);
            let _ = writeln!(
                out,
                "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"currentColor\" stroke-opacity=\"0.15\"/>\
                 <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                WIDTH - RIGHT,
                LEFT - 8.0,
                at + 4.0,
                short(value)
            );
        }
        for value in x.ticks() {
            let at = x.place(value);
            let _ = writeln!(
                out,
                "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{0}\" y2=\"{1}\" stroke=\"currentColor\" stroke-opacity=\"0.4\"/>\
                 <text x=\"{at:.1}\" y=\"{2}\" text-anchor=\"middle\">{3}</text>",
                HEIGHT - BOTTOM,
                HEIGHT - BOTTOM + 5.0,
                HEIGHT - BOTTOM + 19.0,
                short(value)
            );
        }
        let middle = (LEFT + WIDTH - RIGHT) / 2.0;
        let _ = writeln!(
            out,
            "<text x=\"{middle}\" y=\"{0}\" text-anchor=\"middle\">{1}</text>\
             <text transform=\"translate(16 {2}) rotate(-90)\" text-anchor=\"middle\">{3}</text>",
            HEIGHT - 8.0,
            escape(&self.x_label),
            (TOP + HEIGHT - BOTTOM) / 2.0,
            escape(&self.y_label)
        );
        out
    }
}

/// From values to places.
struct Axis {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Axis {
    fn of(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
        let (low, high) = match () {
            _ if low > high => (0.0, 1.0),
            // One value, or several that cannot be told apart.
            _ if high - low <= low.abs() * 1e-9 => (low - low.abs().max(1.0) * 0.01, high + high.abs().max(1.0) * 0.01),
            _ => (low - (high - low) * 0.04, high + (high - low) * 0.04),
        };
        Self { low, high, from, to }
    }

    fn place(&self, value: f64) -> f64 {
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    /// Multiples of 1, 2 or 5 times a power of ten: about six of them.
    fn ticks(&self) -> Vec<f64> {
        let rough = (self.high - self.low) / 6.0;
        let power = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|m| m * power).into_iter().find(|s| *s >= rough).unwrap_or(rough);
        if !step.is_normal() {
            return Vec::new();
        }
        let first = (self.low / step).ceil();
        (0..12).map(|i| (first + f64::from(i)) * step).take_while(|v| *v <= self.high).collect()
    }
}

fn short(x: f64) -> String {
    let rounded = (x * 1000.0).round() / 1000.0;
    if x != 0.0 && !(1e-3..1e6).contains(&x.abs()) { format!("{x:.1e}") } else { format!("{}", rounded + 0.0) }
}

/// Text that may stand in a page, whatever it is.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && c != '\n' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
