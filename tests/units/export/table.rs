use quantscope::export::table::*;
use serde_json::Value;

fn column(name: &'static str, unit: &'static str) -> Column {
    Column { name, unit }
}

fn sample() -> Table {
    Table {
        columns: vec![column("tensor", ""), column("shape", ""), column("count", ""), column("sqnr_db", "dB")],
        rows: vec![
            vec![
                Cell::Text("a \"b\", c".into()),
                Cell::Shape(vec![32, 64]),
                Cell::Int(u64::MAX),
                Cell::Number(f64::INFINITY),
            ],
            vec![Cell::Text("two\nlines".into()), Cell::Shape(vec![]), Cell::Missing, Cell::Number(0.1 + 0.2)],
            vec![Cell::Text(String::new())],
        ],
    }
}

#[test]
fn csv_quotes_only_what_needs_it_and_doubles_quotes() {
    let expected = "tensor,shape,count,sqnr_db\n\
        \"a \"\"b\"\", c\",32x64,18446744073709551615,inf\n\
        \"two\nlines\",scalar,,0.30000000000000004\n\
        ,,,\n";
    assert_eq!(sample().to_csv(), expected);
}

#[test]
fn json_is_an_array_of_objects_with_the_column_names_in_order() {
    let json = sample().to_json();
    let parsed: Value = serde_json::from_str(&json).unwrap();
    let first = serde_json::json!(
        {"tensor": "a \"b\", c", "shape": [32, 64], "count": u64::MAX, "sqnr_db": null}
    );
    assert_eq!(parsed[0], first);
    assert_eq!(parsed[1]["sqnr_db"], 0.1 + 0.2);
    assert_eq!(parsed[2].as_object().unwrap().len(), 4);
    assert!(json.find("\"shape\"") < json.find("\"count\""));
    assert_eq!(Table::default().to_json(), "[]\n");
}

#[test]
fn a_number_in_csv_reads_back_as_the_same_number() {
    let csv = |x: f64| {
        let csv = Table { columns: vec![column("x", "")], rows: vec![vec![Cell::Number(x)]] }.to_csv();
        csv.lines().nth(1).unwrap().to_owned()
    };
    for x in [0.0, -0.0, 1.5, -2.0e-300, 6.02e23, 1e-5, 9.9e-6, 1e15, f64::MAX, f64::MIN_POSITIVE] {
        let written = csv(x);
        assert_eq!(written.parse::<f64>().unwrap().to_bits(), x.to_bits(), "{written}");
        assert!(written.len() < 26, "{written}");
    }
    assert_eq!(csv(f64::NEG_INFINITY), "-inf");
    assert_eq!(csv(f64::NAN), "nan");
}

#[test]
fn text_lines_up_and_names_the_units() {
    let table = Table {
        columns: vec![column("format", ""), column("sqnr_db", "dB")],
        rows: vec![
            vec![Cell::Text("int8".into()), Cell::Number(41.25)],
            vec![Cell::Text("kmeans4-row".into()), Cell::Number(f64::INFINITY)],
            vec![Cell::Text("nf4".into()), Cell::Missing],
        ],
    };
    let expected = "format       sqnr (dB)\n\
        int8           41.2500\n\
        kmeans4-row        inf\n\
        nf4                  –\n";
    assert_eq!(table.to_text(), expected);
}
