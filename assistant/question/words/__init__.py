"""The words of a question: which tell, which only greet, their spelling, what else they mean."""
