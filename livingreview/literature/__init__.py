"""The literature: indexes asked politely, papers looked up, records read, saved searches run."""
