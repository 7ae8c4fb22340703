"""What several desks use: places, cards, components, the privacy guard, the open library."""
