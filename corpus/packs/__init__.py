"""Data of one subject, which people edit, apart from the code that reads it."""
