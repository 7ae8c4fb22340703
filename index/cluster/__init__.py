"""Several machines as one, on Ray: an index is made there, and answers from there.

Nothing outside of this folder imports Ray, and nothing here is imported unless it is asked for.
"""
