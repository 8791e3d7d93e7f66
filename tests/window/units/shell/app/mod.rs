mod frame;
mod jobs;
