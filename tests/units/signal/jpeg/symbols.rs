use quantscope::signal::jpeg::cells::CELLS;
use quantscope::signal::jpeg::symbols::*;

fn of(numbers: &[(usize, i32)], before: i32) -> Vec<(bool, u8, u16)> {
    let mut block = [0; CELLS];
    numbers.iter().for_each(|&(at, x)| block[at] = x);
    let mut found = Vec::new();
    symbols_of(&block, before, |s| found.push((s.first, s.symbol, s.amplitude)));
    found
}

#[test]
fn a_block_worked_by_hand() {
    // Difference 5 − 7 = −2: size 2, amplitude −3 in two bits = 01.
    assert_eq!(of(&[(0, 5)], 7), [(true, 2, 0b01), (false, 0, 0)]);
    // Two zeros, then −1; then eighteen zeros and 3: sixteen of them are a symbol.
    let found = of(&[(3, -1), (22, 3)], 0);
    assert_eq!(found, [(true, 0, 0), (false, 0x21, 0), (false, 0xf0, 0), (false, 0x22, 3), (false, 0, 0)]);
    // A number at the very end needs no end.
    assert_eq!(of(&[(63, 1)], 0).last(), Some(&(false, 0xe1, 1)));
}
