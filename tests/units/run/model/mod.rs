mod generation;
mod inputs;
mod kl_report;
