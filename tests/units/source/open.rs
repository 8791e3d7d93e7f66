use quantscope::source::open::*;

#[test]
fn a_decoder_that_panics_is_one_line_with_the_files_name() {
    let error = guarded("folder/x.jpg", || panic!("index out of bounds: {}\nat", 7)).unwrap_err();
    let wanted = "folder/x.jpg: it cannot be read: its decoder failed (index out of bounds: 7 at)";
    assert_eq!(error.to_string(), wanted);
}

#[test]
fn the_kind_is_told_from_the_content_and_not_from_the_name() {
    let header = b"\x10\0\0\0\0\0\0\0  {\"a\":{}}".as_slice();
    let format = |bytes: &[u8], name: &str| format_of(bytes, name).map_or("", |format| format.name);
    assert_eq!(format(header, "photo.png"), ".safetensors");
    assert_eq!(format(b"\x89PNG\r\n\x1a\n", "model.safetensors"), "PNG");
    assert_eq!(format(b"BMW is a maker of cars", "bm"), "");
    assert_eq!(format(b"GGUF\x03\0\0\0", "x"), "GGUF");
    assert_eq!(format(b"{\"weight_map\": {}}", "x"), ".safetensors");
    assert_eq!(format(b"\0", "broken.safetensors"), ".safetensors");
    assert_eq!(format(b"GGUF\x03\0\0\0{\0\0\0\0\0\0\0", "x.safetensors"), "GGUF");
}
