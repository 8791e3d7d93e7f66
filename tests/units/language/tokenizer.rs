use quantscope::language::tokenizer::*;

#[test]
fn what_is_encoded_decodes_to_itself() {
    let tokenizer = Tokenizer::stories();
    assert_eq!(tokenizer.len(), 512);
    for text in ["", "Once upon a time", "  two  spaces ", "\"Quotes,\" and\nlines", "é, 猫 and 🦜"] {
        assert_eq!(tokenizer.decode(&tokenizer.encode(text)), text);
    }
}

#[test]
fn the_markers_print_nothing_and_tokens_that_are_none_neither() {
    assert_eq!(Tokenizer::stories().decode(&[START, 403, END, 9999]), "Once");
}
