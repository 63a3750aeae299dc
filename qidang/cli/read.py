"""识读: read files without any database: text, pages and fields with their evidence."""

from argparse import Namespace

from qidang.reading.cli import read_files


def run(arguments: Namespace) -> int:
    """Read each file, in order; return 1 where one was refused."""
    return read_files(arguments.files, as_json=arguments.json, with_text=arguments.text, password=arguments.password)
