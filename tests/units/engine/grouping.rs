use quantscope::engine::grouping::Grouping;

const ALL: [Grouping; 5] =
    [Grouping::Whole, Grouping::Rows, Grouping::Runs(3), Grouping::Runs(64), Grouping::Tiles { w: 4, h: 3 }];

#[test]
fn spans_cover_every_sample_once_and_agree_with_group_of() {
    for grouping in ALL {
        for (len, width) in [(0, 5), (1, 5), (5, 5), (35, 7), (33, 7), (3, 7), (64, 64), (100, 10)] {
            let mut seen = vec![None; len];
            for g in 0..grouping.count(len, width) {
                for i in grouping.spans(g, len, width).flatten() {
                    assert_eq!(seen[i].replace(g), None, "{grouping:?} {len} {width}");
                    assert_eq!(grouping.group_of(i, width), g, "{grouping:?} {len} {width} {i}");
                }
            }
            assert!(seen.iter().all(Option::is_some), "{grouping:?} {len} {width}");
        }
    }
}

#[test]
fn a_run_never_crosses_the_end_of_a_row() {
    let spans: Vec<_> = (0..8).flat_map(|g| Grouping::Runs(32).spans(g, 200, 100)).collect();
    assert_eq!(spans[3], 96..100);
    assert_eq!(spans[4], 100..132);
}
