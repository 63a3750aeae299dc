"""One reader per family of formats; imported only in children of the fork server."""
