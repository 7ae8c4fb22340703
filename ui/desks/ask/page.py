"""The Ask page, as Streamlit runs it."""

from ui.desks.ask.desk import show

show()
