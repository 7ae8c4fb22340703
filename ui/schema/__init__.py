"""What programs are given: the JSON of every command."""
