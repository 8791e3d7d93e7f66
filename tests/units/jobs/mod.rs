mod background;
mod slot;
mod sweep;
mod threads;
mod turn;
