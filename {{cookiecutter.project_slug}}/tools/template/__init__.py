"""The tie between this service and the template it came from; needs nothing but Python and git."""
