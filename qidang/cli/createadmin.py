"""管理员: the first person of a new home, who may do everything."""

import getpass
import sys
from argparse import Namespace

from qidang.accounts.adding import create_admin
from qidang.accounts.models import User
from qidang.cli.frame import WRONG, put, put_json, say


def run(arguments: Namespace) -> int:
    """Make the administrator; without a password given, a random one is made and printed once."""
    password = _password(from_stdin=arguments.password_stdin)
    if password is None:
        sys.stderr.write(say("两次输入的密码不同 [createadmin.mismatch]\n", "the two differ [createadmin.mismatch]\n"))
        return WRONG
    person, told = create_admin(
        username=arguments.username,
        name=arguments.name or arguments.username,
        by=User.objects.cli(),
        password=password,
    )
    if arguments.json:
        put_json({"username": person.username, "uid": person.uid, "password": None if password else told})
        return 0
    put(say(f"已建立管理员 {person.username}", f"made the administrator {person.username}"))
    if not password:
        put(say(f"初始密码（首次登录须修改）：{told}", f"first password, to be changed at once: {told}"))
    return 0


def _password(*, from_stdin: bool) -> str | None:
    """Return the password asked for twice, or from standard input; empty means: make one; None: the two differ."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        return ""
    first = getpass.getpass(say("密码（留空则随机生成）：", "password (empty: made at random): "))
    if first and getpass.getpass(say("再输入一次：", "again: ")) != first:
        return None
    return first
