use quantscope::export::svg::*;

fn plot(points: Vec<[f64; 2]>) -> String {
    let series = vec![Series { name: "a<b>".into(), points, mark: Mark::Both }];
    Plot { title: "t".into(), x_label: "x".into(), y_label: "y".into(), series }.to_svg()
}

#[test]
fn every_finite_point_is_inside_the_frame_and_no_name_is_markup() {
    let svg = plot(vec![[0.0, -5.0], [10.0, 40.0], [3.0, f64::INFINITY], [f64::NAN, 1.0]]);
    assert_eq!(svg.matches("<circle").count(), 2);
    assert!(svg.contains("a&lt;b&gt;") && !svg.contains("a<b>"));
    let numbers = |key: &str| {
        let places = svg.split(key).skip(1).map(|rest| rest.split('"').next().unwrap());
        places.map(|place| place.parse::<f64>().unwrap()).collect::<Vec<_>>()
    };
    // The first line goes across the frame.
    let (left, right) = (numbers("<line x1=\"")[0], numbers(" x2=\"")[0]);
    assert!(left < right && numbers("cx=\"").iter().all(|x| (left..=right).contains(x)));
}

#[test]
fn nothing_and_one_point_are_drawn_without_a_number_that_is_none() {
    for points in [vec![], vec![[2.0, 2.0]], vec![[1e300, 1e-300], [1e300, 0.0]]] {
        let svg = plot(points);
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}

#[test]
fn ticks_are_round_numbers() {
    let svg = plot(vec![[4.72, 0.0], [29.98, 0.0]]);
    // Labels of the axes stand in the middle too.
    let labels = svg.split("text-anchor=\"middle\">").skip(1).map(|rest| rest.split('<').next().unwrap());
    let ticks: Vec<f64> = labels.filter_map(|label| label.parse().ok()).collect();
    assert_eq!(ticks, [5.0, 10.0, 15.0, 20.0, 25.0, 30.0]);
}
