use quantscope::palette::read;

fn name(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().chain([0]).collect();
    let count = units.len() as u16;
    [count].iter().chain(&units).flat_map(|unit| unit.to_be_bytes()).collect()
}

fn block(kind: u16, content: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes(), (content.len() as u32).to_be_bytes().as_slice(), content].concat()
}

fn color(model: &[u8; 4], values: &[f32]) -> Vec<u8> {
    let floats: Vec<u8> = values.iter().flat_map(|v| v.to_be_bytes()).collect();
    block(1, &[name("A colour").as_slice(), model, &floats, &[0, 2]].concat())
}

fn file(blocks: &[Vec<u8>]) -> Vec<u8> {
    let head = [b"ASEF".as_slice(), &[0, 1, 0, 0], &(blocks.len() as u32).to_be_bytes()].concat();
    [head, blocks.concat()].concat()
}

fn message(bytes: &[u8]) -> String {
    read("x", bytes).unwrap_err().to_string()
}

#[test]
fn all_four_colour_models_are_read() {
    let bytes = file(&[
        block(0xc001, &name("Grün")),
        color(b"RGB ", &[1.0, 0.5, 0.0]),
        color(b"Gray", &[0.2]),
        color(b"CMYK", &[0.0, 1.0, 0.5, 0.2]),
        color(b"LAB ", &[1.0, 0.0, 0.0]),
        color(b"LAB ", &[0.0, 0.0, 0.0]),
        block(0xc002, &[]),
        block(0xc001, &name("Second")),
        color(b"RGB ", &[-7.0, 9e9, 0.0]),
    ]);
    let palette = read("x", &bytes).unwrap();
    assert_eq!(palette.name, "Grün");
    let rgb = [[255, 128, 0], [51; 3], [204, 0, 102], [255; 3], [0; 3], [0, 255, 0]];
    assert_eq!(palette.colors, rgb.map(|[r, g, b]| [r, g, b, 255]));
}

#[test]
fn lab_is_the_known_one_under_d50() {
    // sRGB's primaries and a grey, adapted to D50 (Lindbloom's calculator).
    for (lab, rgb) in [
        ([0.5429, 80.81, 69.89], [255, 0, 0]),
        ([0.8782, -79.29, 80.99], [0, 255, 0]),
        ([0.2957, 68.30, -112.03], [0, 0, 255]),
        ([0.5359, 0.0, 0.0], [128, 128, 128]),
    ] {
        let [r, g, b, _] = read("x", &file(&[color(b"LAB ", &lab)])).unwrap().colors[0];
        assert!([r, g, b].iter().zip(rgb).all(|(&x, y)| x.abs_diff(y) <= 1), "{lab:?}: {r} {g} {b}");
    }
}

#[test]
fn what_is_cut_or_hostile_is_refused() {
    let one = color(b"RGB ", &[0.0, 0.0, 0.0]);
    assert_eq!(message(b"ASEF\0\x01"), "'x' is cut short in its header");
    assert_eq!(message(&file(&[])), "'x' holds no colours");
    let mut many = file(std::slice::from_ref(&one));
    many[8..12].fill(0xff);
    let expected = "'x' is cut short: block 2 of 4294967295 is not whole";
    assert_eq!(message(&many), expected);
    let mut long = file(std::slice::from_ref(&one));
    long[14..18].fill(0xff);
    assert_eq!(message(&long), "'x' is cut short: block 1 of 1 is not whole");
    let mut long_name = file(std::slice::from_ref(&one));
    long_name[18..20].fill(0xff);
    let broken = "'x' is damaged: block 1 is shorter than what it holds";
    assert_eq!(message(&long_name), broken);
    assert_eq!(message(&file(&[color(b"RGB ", &[0.0, f32::NAN, 0.0])])), broken);
    assert_eq!(message(&file(&[color(b"CMYK", &[0.0, 0.0, 0.0])])), broken);
    assert_eq!(
        message(&file(&[color(b"HSB\n", &[0.0; 3])])),
        "'x' has in block 1 a colour of an unknown model: 'HSB\u{fffd}'"
    );
    let ramp: Vec<_> = (0..300u16).map(|i| [i % 256, i / 256, 0].map(|v| f32::from(v) / 255.0)).collect();
    let many = file(&ramp.iter().map(|rgb| color(b"RGB ", rgb)).collect::<Vec<_>>());
    assert_eq!(message(&many), "'x' has 300 colours; a palette holds at most 256");
}
