"""Marshmallow schemas of requests and responses, one module for each resource."""
