"""Tables of a page, told by their lines or by where their words stand."""
