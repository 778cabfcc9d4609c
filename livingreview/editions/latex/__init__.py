"""The PDF's LaTeX: its settings, its tree, its bibliography, and what writes it. How it looks is
said in ``livingreview.sty``.
"""
