"""What follows from the tables: pure functions over frames."""
