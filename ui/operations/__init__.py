"""What can be asked of Codedesk by a program: one table, under the HTTP API and the MCP server."""
