mod jpeg;
mod sound;
