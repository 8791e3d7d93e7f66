use quantscope::palette::NamedPalette;
use quantscope::palette::files::gather::Gather;

fn gathered(colors: impl IntoIterator<Item = [u8; 4]>) -> Result<Vec<[u8; 4]>, String> {
    let mut gather = Gather::default();
    let outcome = colors.into_iter().try_for_each(|c| gather.push(c)).and_then(|()| gather.finish());
    outcome.map(|list| list.colors).map_err(|fault| fault.to_string())
}

fn colors(count: u32) -> impl Iterator<Item = [u8; 4]> {
    (0..count).map(|i| (i << 8 | 0xff).to_be_bytes())
}

#[test]
fn of_equal_colours_the_first_place_counts() {
    let (a, b) = ([1, 2, 3, 255], [3, 2, 1, 255]);
    assert_eq!(gathered([b, a, b, b, a]).unwrap(), [b, a]);
    assert_eq!(gathered([[1, 2, 3, 0], a, [9, 9, 9, 0]]).unwrap(), [[1, 2, 3, 0], a]);
    assert_eq!(gathered([[1, 2, 3, 4], a]).unwrap().len(), 2);
}

#[test]
fn a_list_keeps_every_entry_in_its_place() {
    let (a, b, clear) = ([1, 2, 3, 255], [3, 2, 1, 255], [0; 4]);
    let list = |entries: &[([u8; 4], &str)]| {
        let mut gather = Gather::default();
        entries.iter().try_for_each(|(color, name)| gather.push_entry(*color, name)).unwrap();
        gather.finish().unwrap()
    };
    let found = list(&[(b, "one"), (a, ""), (b, " two\n"), (b, ""), (clear, ""), (clear, "")]);
    assert_eq!(found.colors, [b, a, b, b, clear, clear]);
    assert_eq!(found.names, ["one", "", "two", "", "", ""]);
    assert_eq!(list(&[(a, ""), (a, "")]), NamedPalette::new("", vec![a, a]));
    // More entries than a palette holds, and few colours: each once.
    assert_eq!(list(&[(a, "x"), (b, "y")].repeat(200)), NamedPalette::new("", vec![a, b]));
}

#[test]
fn too_many_are_counted_without_their_repetitions() {
    assert_eq!(gathered(colors(256).chain(colors(256))).unwrap().len(), 256);
    assert_eq!(gathered(colors(257)).unwrap_err(), "has 257 colours; a palette holds at most 256");
    assert_eq!(gathered(colors(10_000)).unwrap_err(), "has 10000 colours; a palette holds at most 256");
    assert_eq!(gathered(colors(1 << 20)).unwrap_err(), "has more than 65536 colours; a palette holds at most 256");
    assert_eq!(gathered([]).unwrap_err(), "holds no colours");
}
