"""清除名单: what was removed for good, and the list applied to a home that was restored from a backup."""

from argparse import Namespace

from qidang.cli.frame import REFUSED, put, put_json, say
from qidang.intake.clearing import apply_list
from qidang.vault import erasures


def run(arguments: Namespace) -> int:
    """Print the list, or apply it; return 1 where a line of it is torn or not ours."""
    if arguments.apply:
        ordered, unreadable = apply_list(arguments.list)
        _tell(arguments, ordered, unreadable)
        return REFUSED if unreadable else 0
    listed = erasures.read(arguments.list)
    for line in listed.lines.values():
        if arguments.json:
            put_json({"sha256": line.sha256, "size": line.size, "act": line.act, "at": line.at, "cause": line.cause})
        else:
            word = say("已清除", "cleared") if line.act == erasures.CLEARED else say("允许回来", "may return")
            put(f"{line.at:%Y-%m-%d %H:%M}  {word}  {line.sha256}  {line.size}")
    if listed.unreadable and not arguments.json:
        put(say(f"{listed.unreadable} 行读不懂或不是本档案的", f"{listed.unreadable} lines are torn or not ours"))
    return REFUSED if listed.unreadable else 0


def _tell(arguments: Namespace, ordered: int, unreadable: int) -> None:
    if arguments.json:
        put_json({"ordered": ordered, "unreadable": unreadable})
        return
    put(say(f"再次清除 {ordered} 份", f"{ordered} cleared again"))
    if unreadable:
        put(say(f"{unreadable} 行读不懂或不是本档案的", f"{unreadable} lines are torn or not ours"))
