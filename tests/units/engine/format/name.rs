use quantscope::engine::format::Format;

#[test]
fn names_round_trip() {
    for name in [
        "int8-tensor",
        "int4-row",
        "int3-g128",
        "int2-g16-affine",
        "int4-g32-affine-clip",
        "int4-g32-clip",
        "nf4",
        "nf4-g32",
        "nf4-row-clip",
        "kmeans4-row",
        "median-cut3-g64",
        "wu8-tensor",
        "uniform2-g1",
        "int1-g32",
        "q4_k",
        "mxfp4",
        "mxint8",
        "fp8_e4m3",
        "fp8_e4m3-row",
        "fp8_e5m2-t128",
        "int4-t128",
        "int4-g16-e4m3",
        "int4-g32-affine-bf16",
        "int8-row-f32-p99.9",
        "int4-row-p99.95-sr",
        "nf4-g64",
        "nf4-dq",
        "learned6",
        "trellis3",
        "ec2.4",
        "ec3.25-row-trellis",
    ] {
        let format: Format = name.parse().expect(name);
        assert_eq!(format.to_string(), name);
    }
    assert_eq!("INT8".parse::<Format>().unwrap().to_string(), "int8-tensor");
    assert_eq!("int4-affine-g32".parse::<Format>().unwrap().to_string(), "int4-g32-affine");
    assert_eq!("int8-e8m0-g32".parse::<Format>().unwrap().to_string(), "mxint8");
    assert_eq!("int8-row-f16".parse::<Format>().unwrap().to_string(), "int8-row");
}

#[test]
fn a_name_that_is_none_is_refused_in_one_line_that_names_it() {
    for name in [
        "",
        "int",
        "int9",
        "int0",
        "int4-g0",
        "int4-g",
        "int4-g32-row",
        "int4-g32-affine-affine",
        "nf5",
        "kmeans4-row-affine",
        "q9_k",
        "median-",
        "int4--g32",
        "int4-g99999999999",
        "é4",
        "int4-clip-clip",
        "int4-clip-p99",
        "int4-p101",
        "int4-g32-f16-f32",
        "int4-tensor-e4m3",
        "kmeans4-row-f32",
        "t4-é",
        "int4-té",
    ] {
        let why = name.parse::<Format>().unwrap_err().to_string();
        assert!(why.contains(&format!("'{name}'")) && !why.contains('\n'), "{why}");
    }
}
