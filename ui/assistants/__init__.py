"""The MCP server: what assistants of other programs may ask. It only reads."""
