"""Files to documents to passages: reading, metadata, codes, dates, splitting."""
