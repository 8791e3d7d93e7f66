mod number_line;
