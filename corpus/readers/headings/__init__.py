"""What is a heading, its number, and what it stands under: decided alike for every format."""
