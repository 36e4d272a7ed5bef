"""Query parameters and ids that are unknown, malformed or out of range."""

QUERY_FUZZ = [
    "page=-1",
    "page=x",
    "page=" + "9" * 30,
    "page=" + "9" * 5000,
    "page_size=0",
    "page_size=-1",
    "page_size=7",
    "page_size=1000000000",
    "sort=-1",
    "sort=99",
    "sort=" + "9" * 30,
    "sort=x&desc=x",
    "sort=4&desc=1",
    "search=%00",
    "search=" + "x" * 5000,
    "search=" + "x+" * 2000,
    "search=%ff%ed%a0%80",
    "search=" + "%25" * 100,
    "flt_role_is=king",
    "flt_deleted_is=%00",
    "flt_nothing_is=1",
    "flt0_0=1&flt=&flt_=&flt_role_is",
    "endpoint=x",
    "export_type=x",
    "self=1&cls=1",
    "_external=1&_scheme=javascript",
    "_anchor=x&_method=POST",
    "id=1&id=2",
]

# Ids without a record.
IDS = ["", "x", "0", "-1", "2147483648", "1" * 5000, "1&id=2", "%00"]
