"""The Packet page, as Streamlit runs it."""

from ui.desks.packet.desk import show

show()
