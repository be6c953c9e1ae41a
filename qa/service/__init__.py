"""Wenbao for other programs: REST and MCP, beside the chat page or alone."""
