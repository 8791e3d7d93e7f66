use quantscope::palette::order::*;
use quantscope::palette::{Entry, Fixed, NamedPalette};

const CLEAR: [u8; 4] = [0; 4];
const RED: [u8; 4] = [255, 0, 0, 255];
const GREEN: [u8; 4] = [0, 255, 0, 255];
const BLUE: [u8; 4] = [0, 0, 255, 255];
const WHITE: [u8; 4] = [255; 4];
const BLACK: [u8; 4] = [0, 0, 0, 255];

fn palette() -> Vec<Entry> {
    let counts = [3, 9, 1, 7, 5, 2];
    [CLEAR, BLACK, BLUE, RED, GREEN, WHITE].into_iter().zip(counts).map(|(rgba, count)| Entry { rgba, count }).collect()
}

fn in_order(order: Order) -> Vec<[u8; 4]> {
    let palette = palette();
    arranged(order, &palette).into_iter().map(|i| palette[usize::from(i)].rgba).collect()
}

#[test]
fn each_order_is_what_its_name_says_behind_the_transparent_entry() {
    assert_eq!(in_order(Order::Lightness), [CLEAR, BLACK, BLUE, RED, GREEN, WHITE]);
    assert_eq!(in_order(Order::Use), [CLEAR, BLACK, RED, GREEN, WHITE, BLUE]);
    assert_eq!(in_order(Order::Hue), [CLEAR, BLACK, WHITE, RED, GREEN, BLUE]);
    assert_eq!(in_order(Order::Listed), palette().iter().map(|e| e.rgba).collect::<Vec<_>>());
    assert_eq!(in_order(Order::Listed), in_order(Order::Lightness));
}

#[test]
fn a_given_list_is_written_as_it_is_with_its_names_and_nothing_added() {
    let list = NamedPalette {
        name: "Mine".into(),
        colors: vec![WHITE, RED, WHITE],
        names: vec!["paper".into(), String::new(), "snow".into()],
        nominal: vec![BLACK, RED, CLEAR],
    };
    let entries: Vec<Entry> = [WHITE, RED, WHITE, CLEAR].map(|rgba| Entry { rgba, count: 1 }).to_vec();
    for order in Order::ALL {
        assert_eq!(listed(order, &entries, Some(&Fixed::new(list.clone())), "x".into()), list);
    }
    let fitted = listed(Order::Listed, &entries[1..3], None, "x".into());
    assert_eq!((fitted.name.as_str(), fitted.colors), ("x", vec![RED, WHITE]));
}

#[test]
fn every_entry_has_one_place_and_every_place_one_entry() {
    for order in Order::ALL {
        let arranged = arranged(order, &palette());
        let places = places(&arranged);
        for (place, &entry) in arranged.iter().enumerate() {
            assert_eq!(usize::from(places[usize::from(entry)]), place);
        }
    }
    let many: Vec<Entry> = (0..300).map(|i| Entry { rgba: [i as u8, 0, 0, 255], count: i }).collect();
    assert_eq!(arranged(Order::Use, &many).len(), 256);
}
