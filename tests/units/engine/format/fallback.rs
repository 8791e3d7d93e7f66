use quantscope::engine::block::{Fallback, Kind};
use quantscope::engine::format::{Format, Stored, stored_as};

#[test]
fn converters_fall_back_by_their_table_and_then_to_f16() {
    for (kind, row, stored) in [
        (Kind::Q4K, 512, Stored::Whole(Kind::Q4K)),
        (Kind::Q4K, 96, Stored::Whole(Kind::Q5_0)),
        (Kind::Q5K, 96, Stored::Whole(Kind::Q5_1)),
        (Kind::Q6K, 96, Stored::Whole(Kind::Q8_0)),
        (Kind::Q3K, 96, Stored::Whole(Kind::Iq4Nl)),
        (Kind::Tq1_0, 96, Stored::Whole(Kind::Q4_0)),
        (Kind::Q4K, 172, Stored::F16),
        (Kind::Q8_0, 172, Stored::F16),
        (Kind::Mxfp8E4m3, 172, Stored::Padded(Kind::Mxfp8E4m3)),
        (Kind::Nf4, 172, Stored::Flat(Kind::Nf4)),
    ] {
        assert_eq!(stored_as(kind, row), stored, "{kind:?} {row}");
    }
}

#[test]
fn what_stands_in_is_a_format_whose_blocks_are_shorter() {
    for kind in Kind::ALL {
        if let Fallback::Format(name) = kind.row().fallback {
            assert!(Kind::from_name(name).unwrap().block_len() < kind.block_len(), "{kind:?}");
        }
    }
}

#[test]
fn only_types_that_converters_write_lie_along_the_rows_of_the_file() {
    for kind in Kind::ALL {
        let written = kind.row().source.starts_with("ggml") && kind != Kind::Nvfp4;
        assert_eq!(kind.name().parse::<Format>().unwrap().has_blocks_of_file_rows(), written, "{kind:?}");
    }
}

#[test]
fn what_was_asked_for_and_got_is_not_worth_a_word_and_everything_else_is() {
    assert_eq!(stored_as(Kind::Q4K, 512).note(Kind::Q4K, 512), None);
    let note = stored_as(Kind::Q4K, 96).note(Kind::Q4K, 96).unwrap();
    assert_eq!(note, "row of 96 is no multiple of 256: q5_0 used, as converters do");
    assert!(stored_as(Kind::Q4K, 172).note(Kind::Q4K, 172).unwrap().contains("f16"));
}
