use quantscope::lesson::{Bound, Claim, Relation};

fn claim(is: Relation, bound: Option<Bound>) -> Claim {
    let (says, figure) = ("so it is".to_owned(), "x".to_owned());
    Claim { says, figure, is, bound, within: Some(10.0), by: None, at: Vec::new(), seeds: Vec::new() }
}

#[test]
fn a_claim_holds_at_every_stop_or_says_where_it_does_not() {
    let above = claim(Relation::Above, Some(Bound::Number(2.0)));
    assert!(above.holds(&[(3.0, None), (2.5, None)]).is_ok());
    assert_eq!(above.holds(&[(3.0, None), (2.0, None)]), Err("it is 2, the bound 2".to_owned()));
    let below = claim(Relation::Below, Some(Bound::Figure("y".to_owned())));
    assert!(below.holds(&[(1.0, Some(2.0))]).is_ok() && below.holds(&[(3.0, Some(2.0))]).is_err());
    assert!(below.holds(&[(f64::NAN, Some(2.0))]).is_err(), "no figure is no proof");
    let by = Claim { by: Some(0.5), ..below };
    assert!(by.holds(&[(1.0, Some(2.0))]).is_ok() && by.holds(&[(1.9, Some(2.0))]).is_err());
    let about = claim(Relation::About, Some(Bound::Number(20.0)));
    assert!(about.holds(&[(21.9, None)]).is_ok() && about.holds(&[(17.0, None)]).is_err());
    let rising = claim(Relation::Rising, None);
    assert!(rising.holds(&[(1.0, None), (2.0, None), (5.0, None)]).is_ok());
    assert!(rising.holds(&[(1.0, None), (2.0, None), (2.0, None)]).is_err());
    let falling = claim(Relation::Falling, None);
    assert!(falling.holds(&[(2.0, None), (1.0, None)]).is_ok() && falling.holds(&[(1.0, None), (2.0, None)]).is_err());
}
