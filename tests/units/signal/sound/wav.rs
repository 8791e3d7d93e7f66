use quantscope::signal::sound::wav::*;

#[test]
fn a_file_of_three_samples_byte_by_byte() {
    let file = file(&[0.0, 1.0, -2.0]);
    assert_eq!(file.len(), 50);
    assert_eq!(&file[..4], b"RIFF");
    assert_eq!(file[4..8], 42u32.to_le_bytes());
    assert_eq!(file[20..24], [1, 0, 1, 0]);
    assert_eq!(file[24..28], 32_000u32.to_le_bytes());
    assert_eq!(file[28..32], 64_000u32.to_le_bytes());
    assert_eq!(file[32..36], [2, 0, 16, 0]);
    assert_eq!(file[40..44], 6u32.to_le_bytes());
    assert_eq!(file[44..], [0, 0, 0xff, 0x7f, 0x01, 0x80]);
}
