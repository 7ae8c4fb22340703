"""The Library page, as Streamlit runs it."""

from ui.desks.library.desk import show

show()
