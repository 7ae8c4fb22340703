"""What an open library knows: its payers, what it names, which words it lacks."""
