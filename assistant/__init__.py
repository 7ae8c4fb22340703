"""A question to a cited answer: query understanding, ranking, verdict, evaluation."""
