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

#[test]
fn pictures_that_are_not_read_are_refused_with_what_to_do() {
    let refusal = |bytes: &[u8]| format_of(bytes, "picture.png").unwrap_err().to_string();
    let container = |brands: &[u8]| [&(8 + brands.len() as u32).to_be_bytes(), b"ftyp".as_slice(), brands].concat();
    for brands in [b"heic\0\0\0\0mif1heic", b"mif1\0\0\0\0miafheix"] {
        let message = refusal(&container(brands));
        assert!(message.contains("HEIC") && message.contains("export it as JPEG or PNG"), "{message}");
    }
    let drawings = ["<svg xmlns='x'/>", "<?xml version='1.0'?>\n<!-- a drawing -->\n<svg/>", "\u{feff} <SVG>"];
    for drawing in drawings {
        let message = refusal(drawing.as_bytes());
        assert!(message.contains("SVG") && message.contains("export it as PNG"), "{message}");
    }
    // A page may show a drawing, and a film is no picture.
    assert!(refusal(b"<html><svg/></html>").contains("web page"));
    assert!(!refusal(&container(b"isom\0\0\0\0mp42")).contains("HEIC"));
}
