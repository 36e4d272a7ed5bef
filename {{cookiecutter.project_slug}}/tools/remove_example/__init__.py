"""Remove posts, the example of this service: files, mentions, table. It removes itself, too."""
