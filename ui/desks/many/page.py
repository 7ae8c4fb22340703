"""The page of many questions, as Streamlit runs it."""

from ui.desks.many.desk import show

show()
