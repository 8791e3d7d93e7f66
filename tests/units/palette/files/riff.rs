use quantscope::palette::read;

fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let pad = vec![0; content.len() % 2];
    [name.as_slice(), &(content.len() as u32).to_le_bytes(), content, &pad].concat()
}

fn riff(chunks: &[u8]) -> Vec<u8> {
    [b"RIFF".as_slice(), &(chunks.len() as u32 + 4).to_le_bytes(), b"PAL ", chunks].concat()
}

fn message(bytes: &[u8]) -> String {
    read("x", bytes).unwrap_err().to_string()
}

#[test]
fn a_riff_palette_is_found_among_other_chunks() {
    let data = chunk(b"data", &[0, 3, 2, 0, 1, 2, 3, 0, 4, 5, 6, 4]);
    let expected = [[1, 2, 3, 255], [4, 5, 6, 255]];
    assert_eq!(read("x", &riff(&data)).unwrap().colors, expected);
    let among = [chunk(b"offl", &[9; 5]), data, chunk(b"unde", &[9; 2])].concat();
    assert_eq!(read("x", &riff(&among)).unwrap().colors, expected);
}

#[test]
fn a_riff_palette_that_does_not_hold_what_it_says_is_refused() {
    assert_eq!(message(&riff(b"")), "'x' is a RIFF palette without its data");
    assert_eq!(message(&riff(&chunk(b"data", &[0, 3]))), "'x' is cut short before its first colour");
    assert_eq!(message(&riff(&chunk(b"data", &[0, 3, 0, 0]))), "'x' holds no colours");
    let few = riff(&chunk(b"data", &[0, 3, 0xff, 0xff, 1, 2, 3, 0]));
    assert_eq!(message(&few), "'x' is cut short: of 65535 colours it holds 1");
    let mut long = chunk(b"data", &[0, 3, 1, 0, 1, 2, 3, 0]);
    long[4..8].fill(0xff);
    let expected = "'x' is cut short: its data should have 4294967295 bytes and there are 8";
    assert_eq!(message(&riff(&long)), expected);
    let mut other = chunk(b"othr", &[0; 4]);
    other[4..8].fill(0xff);
    assert_eq!(message(&riff(&other)), "'x' is a RIFF palette without its data");
    let mut many: Vec<u8> = vec![0, 3, 0x2c, 1];
    many.extend((0..300u16).flat_map(|i| [i as u8, (i >> 8) as u8, 0, 0]));
    assert_eq!(message(&riff(&chunk(b"data", &many))), "'x' has 300 colours; a palette holds at most 256");
}
