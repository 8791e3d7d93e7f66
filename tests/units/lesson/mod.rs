mod builtin;
mod claim;
mod exhibits;
mod file;
mod moment;
