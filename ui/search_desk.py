"""The Search page, as Streamlit runs it."""

from ui.desks.search import show

show()
