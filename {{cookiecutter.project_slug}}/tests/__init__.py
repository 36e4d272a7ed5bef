"""Tests of the service; the folders mirror `app/`."""
