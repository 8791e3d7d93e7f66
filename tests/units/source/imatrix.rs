use quantscope::source::builtin;
use quantscope::source::bytes::Bytes;
use quantscope::source::error::OpenError;
use quantscope::source::imatrix::*;
use quantscope::source::open::Source;

fn binary(entries: &[(&str, i32, &[f32])]) -> Vec<u8> {
    let mut bytes = (entries.len() as i32).to_le_bytes().to_vec();
    for (name, calls, sums) in entries {
        bytes.extend((name.len() as i32).to_le_bytes());
        bytes.extend(name.as_bytes());
        bytes.extend(calls.to_le_bytes());
        bytes.extend((sums.len() as i32).to_le_bytes());
        sums.iter().for_each(|s| bytes.extend(s.to_le_bytes()));
    }
    bytes
}

fn parse(bytes: Vec<u8>) -> Result<Imatrix, String> {
    let shown = |cause| OpenError::new("i.dat", cause).to_string();
    Imatrix::parse("i.dat", Bytes::Held(bytes)).map_err(shown)
}

/// Two tensors as llama.cpp writes them: sums for two parts of three columns, and two counts.
fn gguf(sums: &[f32; 6], counts: &[f32; 2]) -> Vec<u8> {
    let mut bytes = b"GGUF\x03\0\0\0".to_vec();
    let string = |bytes: &mut Vec<u8>, text: &str| {
        bytes.extend((text.len() as u64).to_le_bytes());
        bytes.extend(text.as_bytes());
    };
    bytes.extend(2u64.to_le_bytes());
    bytes.extend(1u64.to_le_bytes());
    string(&mut bytes, "general.type");
    bytes.extend(8u32.to_le_bytes());
    string(&mut bytes, "imatrix");
    for (name, side, offset) in [("w.in_sum2", 3u64, 0u64), ("w.counts", 1, 32)] {
        string(&mut bytes, name);
        bytes.extend(2u32.to_le_bytes());
        bytes.extend(side.to_le_bytes());
        bytes.extend(2u64.to_le_bytes());
        bytes.extend(0u32.to_le_bytes());
        bytes.extend(offset.to_le_bytes());
    }
    bytes.resize(bytes.len().next_multiple_of(32), 0);
    sums.iter().for_each(|s| bytes.extend(s.to_le_bytes()));
    bytes.resize(bytes.len().next_multiple_of(32), 0);
    counts.iter().for_each(|s| bytes.extend(s.to_le_bytes()));
    bytes
}

#[test]
fn both_layouts_give_sums_over_counts() {
    let old = parse(binary(&[("w", 4, &[8.0, 2.0, 0.0])])).unwrap();
    assert_eq!(old.entries["w"].parts, [[2.0, 0.5, 0.0]]);
    let new = parse(gguf(&[8.0, 2.0, 0.0, 1.0, 2.0, 3.0], &[4.0, 1.0])).unwrap();
    assert_eq!(new.entries["w"].parts, [[2.0, 0.5, 0.0], [1.0, 2.0, 3.0]]);
    // A part that nothing came through gets the mean of those that something did.
    let unseen = parse(gguf(&[8.0, 2.0, 0.0, 0.0, 0.0, 0.0], &[4.0, 0.0])).unwrap();
    assert_eq!(unseen.entries["w"].parts[1], [2.0, 0.5, 0.0]);
    // What follows the entries is not looked at.
    let mut longer = binary(&[("w", 4, &[8.0])]);
    longer.extend([3, 0, 0, 0]);
    assert!(parse(longer).is_ok());
}

#[test]
fn an_importance_matrix_is_known_by_its_content_and_nothing_else_is_taken_for_one() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let looks_like = |bytes: &[u8]| {
        std::fs::write(file.path(), bytes).unwrap();
        is_imatrix(file.path())
    };
    assert!(looks_like(&gguf(&[1.0; 6], &[1.0; 2])) && looks_like(&binary(&[("blk.0.attn_q.weight", 4, &[8.0])])));
    let others: [&[u8]; 5] = [
        b"\x10\0\0\0\0\0\0\0  {\"a\":{}}      ",
        b"\x89PNG\r\n\x1a\n and so on and so on and so on",
        b"this is a text and nothing else, of some length",
        b"GGUF\x03\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        &[1, 0, 0, 0],
    ];
    others.iter().for_each(|bytes| assert!(!looks_like(bytes), "{bytes:?}"));
}

#[test]
fn importances_repeat_over_rows_and_change_with_the_part() {
    let two = Columns { parts: vec![vec![1.0, 2.0, 3.0], vec![4.0, 5.0, 6.0]] };
    let all: Vec<f32> = [1.0, 2.0, 3.0].repeat(2).into_iter().chain([4.0, 5.0, 6.0].repeat(2)).collect();
    for range in [0..12, 1..5, 4..9, 11..12, 3..3] {
        assert_eq!(two.over(range.clone(), 12), all[range]);
    }
}

#[test]
fn every_cut_and_every_lie_is_refused_in_one_line() {
    let whole = binary(&[("blk.0.attn_q.weight", 4, &[8.0, 2.0]), ("b", 1, &[1.0])]);
    for cut in 0..whole.len() {
        assert!(parse(whole[..cut].to_vec()).is_err(), "cut at {cut}");
    }
    let new = gguf(&[1.0; 6], &[1.0; 2]);
    for cut in 0..new.len() {
        assert!(parse(new[..cut].to_vec()).is_err(), "cut at {cut}");
    }
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 0xff;
        // Whatever comes of it: no panic, and no importance that is no number.
        if let Ok(read) = parse(flipped) {
            assert!(read.entries.values().flat_map(|c| c.parts.iter().flatten()).all(|w| w.is_finite() && *w >= 0.0));
        }
    }
    for (bytes, words) in [
        (binary(&[("w", 1, &[-1.0])]), "negative"),
        (binary(&[("w", 1, &[f32::NAN])]), "no number"),
        (binary(&[("w", 1, &[])]), "no values"),
        (binary(&[("w", -1, &[1.0])]), "negative"),
        (binary(&[("w", 1, &[1.0]), ("w", 1, &[1.0])]), "two entries"),
        (b"this is a text and nothing else".to_vec(), "neither"),
        (gguf(&[1.0, 1.0, 1.0, 1.0, 1.0, f32::INFINITY], &[1.0; 2]), "no number"),
    ] {
        let why = parse(bytes).unwrap_err();
        assert!(why.contains(words) && why.contains("i.dat") && !why.contains('\n'), "{why}");
    }
}

#[test]
fn a_matrix_of_another_model_is_refused_and_its_own_is_found_by_either_name() {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
    let columns = vec![1.0; 64];
    for name in ["blk.2.attn_q.weight", "model.layers.2.self_attn.q_proj.weight"] {
        let bound = parse(binary(&[(name, 2, &columns)])).unwrap().bind(&model).unwrap();
        assert_eq!((bound.matched, bound.mean), (1, 0.5));
    }
    let refused =
        |name, columns: &[f32]| parse(binary(&[(name, 1, columns)])).unwrap().bind(&model).unwrap_err().to_string();
    let why = refused("blk.2.attn_q.weight", &columns[..32]);
    assert!(why.contains("32 columns") && why.contains("rows of 64") && why.contains("another model"), "{why}");
    let why = refused("blk.9.attn_q.weight", &columns);
    assert!(why.contains("'blk.9.attn_q.weight'") && why.contains("another model"), "{why}");
}
