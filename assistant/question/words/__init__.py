"""The words of a question: which tell, which only greet, how they are spelt, what else they mean."""
