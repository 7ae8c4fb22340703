"""What programs are given, said once: typed models of all that is printed, exported and sent.

A value of the stages below becomes its model by one function. A value that is told as it is, field
by field, needs no model of its own.
"""
