"""Every face: the command line and the Streamlit pages."""
