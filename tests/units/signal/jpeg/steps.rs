use quantscope::signal::jpeg::cells::CELLS;
use quantscope::signal::jpeg::steps::*;

#[test]
fn the_zigzag_is_that_of_the_standard() {
    assert_eq!(zigzag()[..10], [0, 1, 8, 16, 9, 2, 3, 10, 17, 24]);
    assert_eq!(zigzag()[61..], [55, 62, 63]);
}

#[test]
fn steps_are_the_tables_at_50_and_ones_at_100() {
    assert_eq!(steps(50), [LUMA, CHROMA]);
    assert_eq!(steps(100), [[1; CELLS]; 2]);
    assert_eq!(steps(25)[0][..3], [32, 22, 20]);
    assert_eq!(steps(0), steps(1));
}
