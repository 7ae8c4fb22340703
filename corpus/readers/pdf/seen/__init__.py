"""What a person sees on a page: letters, words and lines, in their order and at their places."""
