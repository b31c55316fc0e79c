"""What has to hold before anything is published: each a row of one table, by the machinery of the long tests.

`make release-check` does everything short of uploading; `make release-check ARGS=crate` the rows whose name begins so.
A row that this machine cannot run says why, and is not counted as passed.
"""
