"""Tables of every format as grids: their parts, their headers, and their rows as blocks."""
