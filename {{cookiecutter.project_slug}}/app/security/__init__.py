"""Who is calling, and what keeps others from calling in their name."""
