use quantscope::export::document::*;
use quantscope::export::table::{Cell, Column, Table};

#[test]
fn a_page_needs_nothing_beside_it_and_names_are_no_markup() {
    let columns = vec![Column { name: "tensor", unit: "" }, Column { name: "sqnr_db", unit: "dB" }];
    let hostile = "<script>|`x`\n</script>";
    let rows = vec![vec![Cell::Text(hostile.into()), Cell::Number(12.5)]];
    let document = Document {
        title: hostile.into(),
        lines: vec![hostile.into()],
        pictures: Vec::new(),
        plots: Vec::new(),
        tables: vec![("Tensors".into(), Table { columns, rows })],
    };
    let html = document.to_html();
    assert!(!html.contains("<script") && !html.contains("http") && html.contains("12.5"));
    let markdown = document.to_markdown();
    assert!(markdown.contains("| tensor | sqnr (dB) |\n| :-- | --: |\n"), "{markdown}");
    assert_eq!(markdown.lines().filter(|l| l.starts_with('|')).count(), 3, "{markdown}");
    assert!(markdown.contains("\\|"));
}
