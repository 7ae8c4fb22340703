"""Words and names of a subject, as data that people edit. Without them any subject works."""
