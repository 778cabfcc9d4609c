"""Two states of the data: what a pull request changes, and what is new in the book."""
