"""Who may see what: rules of a home, and what they leave to somebody."""
