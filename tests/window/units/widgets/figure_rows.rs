use quantscope::engine::metric::ScalarError;
use quantscope::figures;
use quantscope::view::widgets::figure_rows::{rho, sqnr};

#[test]
fn a_tensor_without_a_number_has_no_error_and_is_not_exact() {
    let nothing = ScalarError::measure(&[f32::NAN; 4], &[0.0; 4]);
    assert_eq!((sqnr(&nothing), rho(&nothing)), (figures::NONE.to_owned(), figures::NONE.to_owned()));
    assert_eq!(sqnr(&ScalarError::measure(&[1.0; 4], &[1.0; 4])), "exact");
}
