"""What a question says: words, names, codes, dates, filters."""
