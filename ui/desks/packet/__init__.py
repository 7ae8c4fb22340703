"""The packet: passages gathered for a letter or an appeal."""
