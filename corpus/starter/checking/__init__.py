"""The rules that every document of the starter library keeps."""
