"""The Account page, as Streamlit runs it."""

from ui.desks.account.desk import show

show()
