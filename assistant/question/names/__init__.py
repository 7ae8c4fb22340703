"""What a question names: codes and numbers, payers, things, and what stands beside it."""
