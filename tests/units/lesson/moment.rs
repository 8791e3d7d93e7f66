use quantscope::engine::control::Control;
use quantscope::lesson::builtin;
use quantscope::lesson::moment::*;
use quantscope::source::builtin as samples;
use quantscope::source::open::{Source, open_bytes};

#[test]
fn a_moment_brings_back_the_photo_and_the_weights_bit_for_bit() {
    let (Ok(Source::Photo(photo)), Ok(Source::Model(model))) = (samples::photo(), samples::model()) else { panic!() };
    let lesson = builtin::all().next().unwrap().unwrap();
    let written = bytes(lesson, Some(&photo), Some((&model, 3)), &Control::unwatched()).unwrap();
    let read = quantscope::lesson::read(&written).unwrap();
    let (carried, weights) = (read.photo.unwrap(), read.model.unwrap());
    let Ok(Source::Photo(again)) = open_bytes(&carried.name, carried.bytes.to_vec()) else { panic!() };
    assert_eq!(again.image.rgba, photo.image.rgba);
    let Ok(Source::Model(again)) = open_bytes(&weights.name, weights.bytes.to_vec()) else { panic!() };
    assert_eq!(again.tensor_bytes(3), model.tensor_bytes(3));
    assert_eq!(read.tensor.as_deref(), Some(model.tensors[3].name.as_str()));
}
