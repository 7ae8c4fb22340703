"""What the desks share: address, cards, components, the open library."""
