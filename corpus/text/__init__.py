"""Text: decoded, cleaned, and split into sentences and passages."""
