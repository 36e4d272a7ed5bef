"""Who is calling, and what an answer tells the browser to refuse."""
