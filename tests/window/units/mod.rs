mod learn;
mod photo;
mod shell;
mod state;
mod theme;
mod weights;
mod widgets;
mod work;
