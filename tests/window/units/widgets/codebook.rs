use quantscope::view::widgets::codebook::columns_for;
use quantscope::view::widgets::swatch::hex;

#[test]
fn swatches_fill_the_width_as_squarely_as_they_can() {
    assert_eq!(columns_for(16, 160.0, 10.0), 16);
    assert_eq!(columns_for(16, 100.0, 100.0), 4);
    assert_eq!(columns_for(256, 160.0, 40.0), 32);
    assert_eq!(columns_for(1, 50.0, 50.0), 1);
}

#[test]
fn colours_are_written_in_hex_with_alpha_only_where_there_is_some() {
    assert_eq!(hex([30, 144, 255, 255]), "#1e90ff");
    assert_eq!(hex([0, 0, 0, 0]), "#00000000");
}
