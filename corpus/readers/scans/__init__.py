"""What a picture of a page says: lines are found on it, and the letters of each are read."""
