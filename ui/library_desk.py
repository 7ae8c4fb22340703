"""The Library page, as Streamlit runs it."""

from ui.desks.library import show

show()
