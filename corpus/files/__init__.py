"""Files in a folder: which are read, their format, their bytes, and the limits of each."""
