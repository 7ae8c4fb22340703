"""How codes are found in a text and told from what only looks like one."""
