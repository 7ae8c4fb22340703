"""Files as they lie in a folder: which are read, what format each has, what each may cost."""
