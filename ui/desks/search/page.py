"""The Search page, as Streamlit runs it."""

from ui.desks.search.desk import show

show()
