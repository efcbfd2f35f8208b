"""What charts show, in a sentence each, from the rows that they are drawn from."""
