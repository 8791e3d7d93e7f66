mod generate;
mod packed;
mod rank;
mod tokenizer;
