//! The keyboard: what this frame's keys ask for.

use egui::{Context, Event, Key, Modifiers};

use crate::view::command::Command;
use crate::view::command_table::{COPY_PICTURE, Place, of_key};
use crate::view::learn::act::LearnPlace;
use crate::view::state::State;

/// The commands of this frame's keys. All presses count, also those that came while one frame was drawn.
pub fn pressed(ctx: &Context, state: &State, learn: LearnPlace) -> Vec<Command> {
    pass_to_texts(ctx);
    let place = Place::of(ctx, state, learn);
    let (mut commands, mut closed) = (Vec::new(), false);
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key, modifiers, pressed: true, .. } = event else { return true };
            let Some(command) = of_key(*key, *modifiers, &place) else { return true };
            // What a second one would close is known in the next frame.
            if *key != Key::Escape || !std::mem::replace(&mut closed, true) {
                commands.push(command);
            }
            false
        });
    });
    commands
}

/// Gives text fields and labels the events that they know for the keys of copy and cut. These keys and that of paste are
/// not left to the window system's layer, which would wait for the clipboard's owner within the frame.
pub fn pass_to_texts(ctx: &Context) {
    const CUT: [(Modifiers, Key); 3] =
        [(Modifiers::COMMAND, Key::X), (Modifiers::SHIFT, Key::Delete), (Modifiers::NONE, Key::Cut)];
    ctx.input_mut(|input| {
        let copy = input.events.iter().any(|event| match event {
            Event::Key { key, modifiers, pressed: true, .. } => COPY_PICTURE.pressed(*key, *modifiers).is_some(),
            _ => false,
        });
        let cut = CUT.map(|(held, key)| input.consume_key(held, key)).contains(&true);
        input.events.extend(copy.then_some(Event::Copy).into_iter().chain(cut.then_some(Event::Cut)));
    });
}
