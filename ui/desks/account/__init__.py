"""The Account desk: who is signed in, and the tokens that they made for programs."""
