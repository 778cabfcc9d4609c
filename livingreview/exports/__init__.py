"""Exports for people who re-use the data, one format a file."""
