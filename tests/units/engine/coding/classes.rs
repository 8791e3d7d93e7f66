use quantscope::engine::coding::classes::{entropy_bits, size_of};

#[test]
fn entropy_is_that_of_a_fair_coin_and_of_none() {
    assert_eq!(entropy_bits(&[8, 8]), 16.0);
    assert_eq!(entropy_bits(&[9, 0]), 0.0);
    assert_eq!(entropy_bits(&[]), 0.0);
}

#[test]
fn a_class_is_as_many_bits_as_its_numbers_need() {
    assert_eq!([0, 1, -1, 2, -3, 4, 1023, -1024].map(size_of), [0, 1, 1, 2, 2, 3, 10, 11]);
}
