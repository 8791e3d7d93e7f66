use quantscope::engine::block::lanes::WIDTH;
use quantscope::engine::block::symmetric_search::{SUB, by_descent};
use quantscope::engine::random::Random;

/// One code after the other, as the reference does it.
fn plain(x: &[f32; SUB], half: f32) -> (f32, [f32; SUB], usize) {
    let extreme = x.iter().fold(0.0, |kept: f32, x| if x.abs() > kept.abs() { *x } else { kept });
    let mut codes = x.map(|x| (x * (-half / extreme)).clamp(-half, half - 1.0).round_ties_even());
    let (mut xq, mut qq) = (0.0, 0.0);
    for (x, q) in x.iter().zip(codes) {
        (xq, qq) = (xq + x * x * x * q, qq + x * x * q * q);
    }
    let mut changes = 0;
    for _ in 0..5 {
        for (x, code) in x.iter().zip(&mut codes) {
            let w = x * x;
            let (rest_xq, rest_qq) = (xq - w * x * *code, qq - w * *code * *code);
            let other = (x * rest_qq / rest_xq).clamp(-half, half - 1.0).round_ties_even();
            let (new_xq, new_qq) = (rest_xq + w * x * other, rest_qq + w * other * other);
            let raises = new_qq > 0.0 && new_xq * new_xq * qq > xq * xq * new_qq;
            if rest_xq > 0.0 && other != *code && raises {
                (xq, qq, *code, changes) = (new_xq, new_qq, other, changes + 1);
            }
        }
    }
    (xq / qq, codes, changes)
}

#[test]
fn codes_tried_at_once_end_where_codes_tried_in_turn_end() {
    let mut random = Random::seeded(31);
    let (mut changed, mut most) = (0, 0);
    for round in 0..400 {
        let x: [[f32; SUB]; WIDTH] = std::array::from_fn(|_| {
            std::array::from_fn(|_| {
                let x = random.next_gaussian();
                [x, x * x * x, (x * 3.0).round() + 0.25, x + 1.5, x.signum() * 0.1 + x * x * x * x][round % 5]
            })
        });
        let fit = by_descent(&x, 4.0);
        for (k, x) in x.iter().enumerate() {
            let (scale, codes, changes) = plain(x, 4.0);
            assert_eq!(fit.scale.0[k].to_bits(), scale.to_bits(), "round {round}, sub-block {k}");
            assert_eq!(std::array::from_fn(|i| fit.codes[i].0[k]), codes, "round {round}, sub-block {k}");
            (changed, most) = (changed + usize::from(changes > 0), most.max(changes));
        }
    }
    assert!(changed > 200 && most >= SUB / 2, "{changed} of 3200 change, at most {most} times");
}
