use quantscope::engine::control::Control;
use quantscope::engine::format::Format;
use quantscope::engine::random::Random;
use quantscope::engine::samples::Samples;

#[test]
fn one_pass_gives_the_values_and_the_bits_of_coding_and_decoding() {
    let mut random = Random::seeded(31);
    let mut values: Vec<f32> = (0..3000).map(|_| random.next_gaussian()).collect();
    values[64..160].fill(0.0);
    values[300..332].iter_mut().for_each(|x| *x *= 1e-9);
    values[400..432].iter_mut().for_each(|x| *x = x.abs() * 1e30);
    values[500..600].iter_mut().for_each(|x| *x = (*x * 4.0).round() * 0.25);
    let names = ["int8-g32", "int4-g32", "int4-g32-affine", "int3-g128-affine-bf16", "int2-row", "mxint8", "int4-g7"];
    for name in names {
        let format: Format = name.parse().unwrap();
        let recipe = format.recipe().unwrap();
        for width in [3000, 500, 96, 33] {
            let (decoded, rate) = recipe.decoded(&values, width).unwrap();
            let points: Vec<[f32; 1]> = values.iter().map(|&x| [x]).collect();
            let plain = recipe.encode(Samples::new(&points, width), &Control::unwatched()).unwrap();
            assert_eq!(decoded, plain.decode().as_flattened(), "{name} {width}");
            assert_eq!(rate, plain.rate, "{name} {width}");
        }
    }
}

#[test]
fn what_one_pass_cannot_do_is_left_to_the_searches() {
    let refuses = |name: &str, x: f32| {
        let format: Format = name.parse().unwrap();
        format.recipe().unwrap().decoded(&[1.0, x], 2).is_none()
    };
    for name in ["int4-g32-clip", "int4-tensor", "int4-t128", "nf4-g32", "int4-g16-e4m3", "int1-g32", "int4-g32-sr"] {
        assert!(refuses(name, 2.0), "{name}");
    }
    assert!(refuses("int4-g32", f32::NAN) && !refuses("int4-g32", 2.0));
}
