use quantscope::palette::read;

fn act(count: u16, clear: u16) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..=255u8).flat_map(|i| [i, 255 - i, 7]).collect();
    bytes.extend(count.to_be_bytes());
    bytes.extend(clear.to_be_bytes());
    bytes
}

fn message(bytes: &[u8]) -> String {
    read("x", bytes).unwrap_err().to_string()
}

#[test]
fn a_colour_table_has_all_256_or_as_many_as_it_says() {
    assert_eq!(read("x", &act(0, 0)[..768]).unwrap().colors.len(), 256);
    let three = read("x", &act(3, 1)).unwrap().colors;
    assert_eq!(three, [[0, 255, 7, 255], [1, 254, 7, 0], [2, 253, 7, 255]]);
    // A transparent index that names none of the colours names none.
    for clear in [3, 256, 0xffff] {
        assert!(read("x", &act(3, clear)).unwrap().colors.iter().all(|c| c[3] == 255));
    }
    assert_eq!(message(&act(0, 0)), "'x' holds no colours");
    assert_eq!(message(&act(10_000, 0)), "'x' says that it has 10000 colours; a palette holds at most 256");
}

#[test]
fn the_zeros_that_fill_a_short_table_are_one_black() {
    let mut bytes = act(0, 0);
    bytes[6..].fill(0);
    assert_eq!(read("x", &bytes[..768]).unwrap().colors.len(), 3);
}
