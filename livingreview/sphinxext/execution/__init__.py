"""Execution of chapters: one warm kernel, an output cache that sees data, and the hand-over to
MyST-NB.
"""
