"""The review to print and to take along: PDF and EPUB."""
