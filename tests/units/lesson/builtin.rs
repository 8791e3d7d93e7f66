use quantscope::lesson::builtin::*;

#[test]
fn every_lesson_that_is_part_of_the_program_can_be_read() {
    for (at, lesson) in all().enumerate() {
        if let Err(why) = lesson {
            panic!("lesson {}: {why}", at + 1);
        }
    }
}
