"""The Ask page, as Streamlit runs it."""

from ui.desks.ask import show

show()
