"""What a chapter shows: charts, diagrams and tables, each made once for website, print and screen
reader.
"""
