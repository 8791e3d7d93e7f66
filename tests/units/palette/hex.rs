use quantscope::palette::hex::*;

#[test]
fn every_way_of_writing_a_colour_is_read() {
    for (text, color) in [
        ("#a0b1c2", [0xa0, 0xb1, 0xc2, 255]),
        ("A0B1C2", [0xa0, 0xb1, 0xc2, 255]),
        (" fff ", [255; 4]),
        ("#1f08", [0x11, 0xff, 0, 0x88]),
        ("01020304", [1, 2, 3, 4]),
    ] {
        assert_eq!(parse_hex(text), Ok(color), "{text}");
    }
}

#[test]
fn what_is_no_colour_is_named_in_one_line() {
    assert_eq!(parse_hex("grün").unwrap_err().to_string(), "'grün' is not a colour; write one as #a0b1c2");
    for text in ["", "#", "##fff", "ff", "fffff", "fffffff", "123456789", "+12345", "é€", "ff\nff", "0x12345"] {
        let message = parse_hex(text).unwrap_err().to_string();
        assert!(!message.contains('\n'), "{message}");
    }
    assert!(parse_hex(&"f".repeat(100_000)).unwrap_err().to_string().len() < 120);
}

#[test]
fn a_copied_colour_reads_back() {
    for color in [[0, 1, 2, 255], [0xa0, 0xb1, 0xc2, 0x80], [9, 9, 9, 0]] {
        assert_eq!(parse_hex(&hex_line(color)), Ok(color));
    }
    assert_eq!(hex_line([0xa0, 0xb1, 0xc2, 255]), "#a0b1c2");
    assert_eq!(hex_line([1, 2, 3, 4]), "#01020304");
}
