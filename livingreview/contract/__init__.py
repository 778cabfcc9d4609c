"""The data contract and what is read by it: package, tables, bibliography; what is wrong, in words;
the one form of the files.
"""
