"""What comes in and what goes out. Unknown fields are refused, marshmallow's default."""
