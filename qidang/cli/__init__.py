"""The command line: ``qidang COMMAND …``. What a command needs is imported only when it is used.

Exit code 0: all good. 1: something was refused. 2: wrong usage, or a start that is refused.
"""

import importlib
import sys
from collections.abc import Sequence

from qidang.cli.arguments import COMMANDS, Command
from qidang.cli.frame import Parser, complain, say


def usage() -> str:
    """Return the list of commands, in the caller's language."""
    lines = [say("用法：qidang 命令 …", "usage: qidang COMMAND …"), ""]
    lines += [f"  {name:<12} {say(*command.about)}" for name, command in COMMANDS.items() if not command.is_inner]
    lines += ["", say("每个命令的用法：qidang 命令 --help", "more about one: qidang COMMAND --help")]
    return "\n".join(lines) + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help", "help"):
        (sys.stdout if words else sys.stderr).write(usage())
        return 0 if words else 2
    name = words[0]
    if name not in COMMANDS:
        sys.stderr.write(say(f"没有 {name} 这个命令\n\n", f"there is no command {name}\n\n") + usage())
        return 2
    return _run(name, COMMANDS[name], words[1:])


def _run(name: str, command: Command, words: list[str]) -> int:
    parser = Parser(prog=f"qidang {name}", description=say(*command.about))
    command.add_arguments(parser)
    arguments = parser.parse_args(words)
    try:
        if command.needs_home:
            importlib.import_module("qidang.cli.home").open_home()
        return int(importlib.import_module(f"qidang.cli.{name}").run(arguments))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
        return 0
    except Exception as error:
        return complain(error, as_json=getattr(arguments, "json", False))
