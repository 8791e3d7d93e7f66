//! A tensor and its reductions as heat maps, their levels and histograms, and the weight under the pointer.

use egui::Ui;

use crate::engine::format::{Format, LevelRule};
use crate::figures;
use crate::jobs::{Running, Slot};
use crate::run::bin_members::Range;
use crate::run::report::{LevelAxis, TensorOriginal, TensorReport};
use crate::source::tensor::Tensor;
use crate::spec::{Stage, TensorSpec};
use crate::view::command_table::ORIGINAL;
use crate::view::document::{TensorId, TensorKey};
use crate::view::theme;
use crate::view::weights::formats::format_title;
use crate::view::weights::tensor_plot_state::HoveredWeight;
use crate::view::widgets::codebook;
use crate::view::widgets::compare::comparison::{Comparison, HoveredPixel, Marks, PaneContent};
use crate::view::widgets::compare::draw::compare_ui;
use crate::view::widgets::compare::legend::ErrorScale;
use crate::view::widgets::compare::mode::Mode;
use crate::view::widgets::figure_rows::{Figure, rho, sqnr};
use crate::view::widgets::plots::histogram;

/// The original and its reductions as heat maps.
pub(crate) struct TensorPanes<'a> {
    pub name: &'a str,
    pub tensor: TensorId,
    pub original: Option<&'a TensorOriginal>,
    pub slots: &'a [&'a Slot<TensorKey, TensorReport>],
    pub formats: &'a [Format],
    pub mode: Mode,
    /// The chosen reduction, from 0.
    pub selected: usize,
    /// Whether the magnifier is on.
    pub lens: bool,
    pub marks: Marks<'a>,
    pub failure: Option<&'a str>,
}

#[derive(Default)]
pub(crate) struct TensorPanesResponse {
    /// The weight under the pointer, in the reduction that is asked about.
    pub hovered: Option<HoveredWeight>,
    pub clicked: Option<usize>,
}

pub(crate) fn tensor_panes_ui(
    ui: &mut Ui,
    state: &mut crate::view::widgets::compare::comparison::CompareState,
    t: &TensorPanes<'_>,
) -> TensorPanesResponse {
    let extent = t.original.map_or((64, 64), |o| (o.picture.width, o.picture.height));
    let top = t.original.map(|o| format!("colours ±{}", figures::significant(f64::from(o.top)))).unwrap_or_default();
    let reports: Vec<_> = t.slots.iter().map(|s| shown_tensor_report(s, t.tensor)).collect();
    let shown: Vec<Format> =
        reports.iter().zip(t.formats).map(|(r, wanted)| r.map_or(*wanted, |r| r.spec.format)).collect();
    let titles: Vec<String> = shown.iter().map(|&f| format_title(f)).collect();
    let names: Vec<String> =
        shown.iter().map(|f| if format_title(*f) == f.to_string() { String::new() } else { f.to_string() }).collect();
    let captions: Vec<String> = reports.iter().map(|r| r.map(caption).unwrap_or_default()).collect();
    let mut panes = vec![PaneContent {
        title: "Original",
        caption: &top,
        picture: t.original.map(|o| &o.picture),
        stale: (t.original.is_none() && t.failure.is_none()).then_some(0.0),
        message: t.failure,
        ..PaneContent::default()
    }];
    for (i, report) in reports.iter().enumerate() {
        let wanted = TensorSpec { tensor: t.tensor.tensor, format: t.formats[i] };
        let wanted = TensorKey { document: t.tensor.document, spec: wanted };
        let current = t.slots[i].shown().is_some_and(|(key, r)| *key == wanted && r.stage == Stage::Full);
        panes.push(PaneContent {
            title: &titles[i],
            detail: &names[i],
            caption: &captions[i],
            picture: report.map(|r| &r.picture),
            error_map: report.map(|r| &r.error_map),
            error_scale: report.map(|r| ErrorScale { unit: "|error|", hint: ERROR_HINT, top: r.error_top }),
            stale: (!current && t.slots[i].is_busy()).then(|| t.slots[i].progress().unwrap_or(0.0)),
            message: t.slots[i].error(),
            ..PaneContent::default()
        });
    }
    let lens = |pane: usize, (x, y): (u32, u32)| {
        let index = y as usize * extent.0 as usize + x as usize;
        let report = pane.checked_sub(1).and_then(|i| reports[i]);
        t.original.map(|o| lens_text(o, report, index)).unwrap_or_default()
    };
    let response = compare_ui(
        ui,
        state,
        &Comparison {
            name: t.name,
            panes: &panes,
            extent,
            mode: t.mode,
            base: 0,
            selected: t.selected + 1,
            show_original: ORIGINAL.is_held(ui.ctx()),
            transparent: false,
            lens: t.lens.then_some(&lens),
            marks: t.marks,
        },
    );
    TensorPanesResponse {
        hovered: response.hovered.map(|HoveredPixel { pane, pixel: (x, y) }| {
            let index = y as usize * extent.0 as usize + x as usize;
            HoveredWeight { pane: pane.checked_sub(1).unwrap_or(t.selected), index }
        }),
        clicked: response.clicked.and_then(|p| p.checked_sub(1)),
    }
}

pub(crate) fn shown_tensor_report(slot: &Slot<TensorKey, TensorReport>, tensor: TensorId) -> Option<&TensorReport> {
    slot.shown().filter(|(key, _)| key.tensor() == tensor).map(|(_, report)| &**report)
}

pub(crate) fn caption(report: &TensorReport) -> String {
    let preview = if report.stage == Stage::Preview { "preview  " } else { "" };
    format!("{preview}{}", sqnr(&report.error))
}

/// "row 3, column 17: 0.0213 → code 12, scale 0.0031, 0.0217, error −0.0004, 4.50 bits"
pub(crate) fn weight_text(
    info: &Tensor,
    original: &TensorOriginal,
    report: Option<&TensorReport>,
    index: usize,
) -> String {
    let Some(&x) = original.values.get(index) else { return String::new() };
    let number = |v: f32| figures::significant(f64::from(v));
    let row = info.row_len().max(1);
    let mut text = format!("row {}, column {}:  {}", index / row, index % row, number(x));
    if let Some(report) = report.filter(|r| r.stage == Stage::Full)
        && let Some(&y) = report.decoded.get(index)
    {
        let q = &report.quantized;
        text += "  →";
        if let Some(code) = q.codes.get(index) {
            text += &format!("  code {code}");
            if let Some(affine) = q.affines.get(q.group_of(index)) {
                text += &format!("   scale {}", number(affine.scale));
            }
        }
        text += &format!("   decoded {}   error {}", number(y), number(y - x));
        if let LevelRule::Block(kind) = report.spec.format.rule {
            text += &format!("   block {}", index / kind.block_len());
        } else if !q.codes.is_empty() {
            text += &format!("   group {}", q.group_of(index));
        }
        text += &format!("   {} bits per weight", figures::bits(report.rate.bits_per_sample()));
    }
    text
}

pub(crate) const ERROR_HINT: &str = "The size of a weight's error: decoded less original";

/// The magnifier's lines: the weight; its code; its error.
pub(crate) fn lens_text(original: &TensorOriginal, report: Option<&TensorReport>, index: usize) -> Vec<String> {
    let number = |v: f32| figures::significant(f64::from(v));
    let Some(&x) = original.values.get(index) else { return Vec::new() };
    let Some(report) = report else { return vec![number(x)] };
    let Some(&y) = report.decoded.get(index).filter(|_| report.stage == Stage::Full) else { return Vec::new() };
    let mut lines = vec![number(y)];
    lines.extend(report.quantized.codes.get(index).map(|code| format!("code {code}")));
    lines.push(format!("error {}", number(y - x)));
    lines
}

pub(crate) fn levels_and_histogram_ui(
    ui: &mut Ui,
    report: &TensorReport,
    log: bool,
    hovered: Option<(usize, f32)>,
    (levels, plot): (f32, f32),
) -> Option<Range> {
    let color = theme::bits_color(ui.visuals().dark_mode, report.spec.format.bits);
    let q = &report.quantized;
    let level = hovered.and_then(|(index, _)| q.codes.get(index)).map(|&code| usize::from(code));
    let mark = hovered.map(|(index, x)| match report.levels.axis {
        LevelAxis::Scaled if index < q.codes.len() => q.affine(q.group_of(index)).invert([x])[0],
        _ => x,
    });
    codebook::levels_ui(ui, &report.levels, levels, color, level);
    histogram::weights_ui(ui, (&report.histogram, &report.levels), log, color, plot, mark)
}

pub(crate) fn weight_figures(report: &TensorReport) -> Vec<Figure> {
    let e = &report.error;
    let errors = [
        Figure::new("weight error ρ", rho(e)),
        Figure::new("SQNR", sqnr(e)),
        Figure::new("largest error", figures::significant(f64::from(e.max_abs))),
    ];
    let bits = Figure::new("bits per weight", figures::bits(report.rate.bits_per_sample()));
    errors.into_iter().map(|figure| figure.of_stage(report.stage)).chain([bits]).collect()
}
