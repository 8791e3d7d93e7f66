use egui_plot::PlotPoint;
use quantscope::engine::format::Format;
use quantscope::jobs::{Running, Sweep};
use quantscope::run::survey::survey;
use quantscope::source::builtin;
use quantscope::source::open::Source;
use quantscope::source::tensor::{Dtype, Tensor};
use quantscope::view::document::{DocumentId, ModelDocument, TableKey};
use quantscope::view::weights::table::cells::{BUCKETS, TensorTable, constant_bits, thinned};
use quantscope::view::weights::table::state::{SortBy, TableState};

use crate::support::wake::{test_wake, wait_until};

fn document() -> ModelDocument {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("no sample model") };
    ModelDocument { id: DocumentId(1), model }
}

fn turned_to(document: &ModelDocument, formats: &[&str]) -> (TensorTable, Vec<Format>) {
    let formats: Vec<Format> = formats.iter().map(|name| name.parse().unwrap()).collect();
    let mut table = TensorTable::default();
    table.set_key(document, &TableKey { document: document.id, formats: formats.clone(), with_statistics: false });
    (table, formats)
}

#[test]
fn the_chosen_tensors_cells_are_found_first_and_then_those_of_all_others() {
    let document = document();
    let (table, _) = turned_to(&document, &["q8_0", "q4_0"]);
    let tasks = table.missing(7);
    assert!(tasks[..2].iter().all(|task| task.tensor == 7) && tasks[2..].iter().all(|task| task.tensor != 7));
    assert_eq!(tasks.len(), document.model.tensors.len() * 2);
}

#[test]
fn norms_stand_apart_from_the_ranking_the_plot_and_the_colours() {
    let document = document();
    let tensors = &document.model.tensors;
    let (mut table, formats) = turned_to(&document, &["q4_0"]);
    let (wake, woken) = test_wake();
    let mut sweep = Sweep::new("Testing", wake);
    let key = TableKey { document: document.id, formats: formats.clone(), with_statistics: false };
    let (model, tasks) = (document.model.clone(), table.missing(0));
    sweep.request(key, move |emit, control| Ok(survey(&model, &tasks, &|finding| emit.emit(finding), control)?));
    wait_until(&woken, || {
        sweep.poll();
        table.take(&mut sweep);
        table.complete().is_some()
    });
    let norms = tensors.iter().filter(|t| t.name.contains("norm")).count();
    assert!(norms > 5 && table.apart() == norms);
    for descending in [false, true] {
        let state = TableState { sort: SortBy::Error(formats[0]), descending, ..TableState::default() };
        table.arrange(&document, &state, &formats, formats[0]);
        let order: Vec<usize> = table.shown().collect();
        let (matrices, rest) = order.split_at(tensors.len() - norms);
        assert!(rest.iter().all(|&t| tensors[t].name.contains("norm")), "{descending}");
        let rho = |&t: &usize| table.figures(t, formats[0]).unwrap().0.relative_error();
        assert!(matrices.iter().map(rho).is_sorted_by(|a, b| if descending { a >= b } else { a <= b }));
    }
    let series = table.layers();
    assert_eq!((series[0].matrices.len(), series[0].apart.len()), (tensors.len() - norms, norms));
    let (low, high) = table.range(formats[0]).unwrap();
    let db = |p: &PlotPoint| p.y;
    let ends =
        |points: &[PlotPoint]| points.iter().map(db).fold((f64::MAX, f64::MIN), |(l, h), y| (l.min(y), h.max(y)));
    assert_eq!(ends(series[0].matrices), (low, high));
}

#[test]
fn kernels_that_are_stored_as_f16_take_more_bits_than_matrices_do() {
    let tensor = |shape: &[usize]| Tensor {
        name: "w".to_owned(),
        dtype: Dtype::Plain(safetensors::Dtype::F32),
        shape: shape.to_vec(),
        values: shape.iter().product(),
        file: 0,
        bytes: 0..0,
        packed: None,
    };
    let tensors = [tensor(&[64, 32, 3, 3]), tensor(&[96, 96])];
    let bits = |format: &str| constant_bits(&tensors, format.parse().unwrap());
    assert_eq!((bits("q8_0"), bits("int4-g32")), (None, Some(4.5)));
}

#[test]
fn a_column_of_one_and_the_same_figure_takes_no_room() {
    let document = document();
    let (table, formats) = turned_to(&document, &["nf4", "q4_0"]);
    let bits = |i: usize| table.bits(formats[i]);
    // Rows of 64 and of 172: only the last depends on them.
    assert_eq!((bits(0), bits(1)), (Some(4.5), None));
    assert_eq!(table.dtype().map(Dtype::name), Some("F32".to_owned()));
}

#[test]
fn what_is_thinned_out_keeps_the_best_and_the_worst() {
    let point = |i: usize| PlotPoint::new(i as f64, ((i * 7919) % 10_007) as f64);
    let few: Vec<PlotPoint> = (0..500).map(point).collect();
    assert_eq!(thinned(&few, 500).len(), 500);
    let many: Vec<PlotPoint> = (0..10_000).map(point).collect();
    let kept = thinned(&many, 10_000);
    assert!(kept.len() <= 2 * BUCKETS);
    let ends =
        |points: &[PlotPoint]| points.iter().fold((f64::MAX, f64::MIN), |(low, high), p| (low.min(p.y), high.max(p.y)));
    assert_eq!(ends(&kept), ends(&many));
}
