"""What is new to saved searches: told on the page, as a feed and by mail."""
