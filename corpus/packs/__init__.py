"""What is of one subject: data that people edit, apart from the code that reads it."""
