"""Every command: what it is about, its arguments, and whether it works on the home. Imports nothing heavy."""

import os
import pathlib
from collections.abc import Callable
from dataclasses import dataclass

from qidang.cli.frame import Parser, say


def nothing(parser: Parser) -> None:
    """Take no arguments."""


def address(parser: Parser) -> None:
    """Take the address to listen at."""
    parser.add_argument("--host", default=os.environ.get("QIDANG_HOST") or "127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("QIDANG_PORT") or 8000))


def serve(parser: Parser) -> None:
    """Take the address, and what to leave out."""
    address(parser)
    parser.add_argument(
        "--web-only", action="store_true", help=say("只启动网页，不启动后台", "start the pages without the worker")
    )


def intake(parser: Parser) -> None:
    """Take the paths."""
    parser.add_argument("paths", nargs="+", type=pathlib.Path, metavar="PATH")
    parser.add_argument(
        "--confirm",
        action="store_true",
        help=say("必填项都有把握时直接登记", "register without review where every required field is certain"),
    )
    parser.add_argument("--note", default="", help=say("批次说明", "a note for the batch"))
    parser.accept_json()


def onboard(parser: Parser) -> None:
    """Take the project's folders, and what is said of them once."""
    parser.add_argument("paths", nargs="+", type=pathlib.Path, metavar="PROJECT")
    parser.add_argument(
        "--ledger",
        action="append",
        type=pathlib.Path,
        metavar="FILE",
        help=say(
            "台账文件；不写就取文件夹里的 .xlsx .xls .csv", "a ledger; the .xlsx .xls .csv in the folder unless given"
        ),
    )
    parser.add_argument("--name", default="", help=say("项目名称", "a name for the project"))
    parser.add_argument(
        "--unit", default="", help=say("没写我方主体的行归哪个签约主体", "the legal unit of rows that name none")
    )
    parser.add_argument("--historical", action="store_true", help=say("都是历史合同", "all of them are past contracts"))
    parser.accept_json()


def read(parser: Parser) -> None:
    """Take the files."""
    parser.add_argument("files", nargs="+", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--text", action="store_true", help=say("输出全文", "print the text too"))
    parser.add_argument("--password", help=say("打开文件的密码", "the password that opens the files"))
    parser.accept_json()


def search(parser: Parser) -> None:
    """Take the query, for whom, and which part of the hits."""
    parser.add_argument("query", metavar="QUERY")
    parser.add_argument(
        "--as", dest="username", metavar="USER", help=say("以某人的权限检索", "with this person's rights")
    )
    parser.add_argument("--sort", default="relevance", choices=("relevance", "date", "amount"))
    parser.add_argument("--limit", type=int, default=20, metavar="N")
    parser.add_argument("--offset", type=int, default=0, metavar="N")
    parser.accept_json()


def ledger(parser: Parser) -> None:
    """Take what to do with the ledger."""
    parser.add_argument("act", choices=("verify",), metavar="verify")
    parser.accept_json()


def cleared(parser: Parser) -> None:
    """Take which list, and whether to apply it."""
    parser.add_argument(
        "--apply",
        action="store_true",
        help=say("按名单再清除一次（恢复备份之后）", "clear again what the list says, after a restore"),
    )
    parser.add_argument("--list", type=pathlib.Path, metavar="FILE", help=say("另一份名单", "another copy of the list"))
    parser.accept_json()


def json_only(parser: Parser) -> None:
    """Take ``--json`` alone."""
    parser.accept_json()


def health(parser: Parser) -> None:
    """Take where the pages are, and how long to wait for all to be well."""
    address(parser)
    parser.add_argument(
        "--wait",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help=say("等到正常为止，最多这么久", "wait until all is well"),
    )
    parser.accept_json()


def demo(parser: Parser) -> None:
    """Take whether to keep or to replace what is there."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--once", action="store_true", help=say("已有内容时什么也不做", "do nothing where there is anything")
    )
    which.add_argument(
        "--fresh", action="store_true", help=say("清空示例目录重新生成", "throw the sample home away and make it again")
    )


def createadmin(parser: Parser) -> None:
    """Take who it is; the password comes from the terminal or from standard input."""
    parser.add_argument("username", nargs="?", default="admin")
    parser.add_argument("--name", default="", help=say("姓名", "the person's name"))
    parser.add_argument("--email", default="")
    parser.add_argument(
        "--password-stdin", action="store_true", help=say("从标准输入读密码", "read the password from standard input")
    )
    parser.accept_json()


@dataclass(frozen=True)
class Command:
    """A command: texts in Chinese and English, its arguments, whether the home is opened before it is imported."""

    about: tuple[str, str]
    add_arguments: Callable[[Parser], None] = nothing
    needs_home: bool = True
    is_inner: bool = False  # started by the supervisor, not by people


COMMANDS = {
    "serve": Command(("启动网页与后台", "start the pages and the worker"), serve, needs_home=False),
    "worker": Command(("只启动后台", "start the worker alone")),
    "intake": Command(("收进文件或文件夹", "take files or folders in"), intake),
    "onboard": Command(("导入项目：台账与文件一起收入并匹配", "bring ledgers and files in and match them"), onboard),
    "read": Command(("识读文件，不入库", "read files without keeping them"), read, needs_home=False),
    "search": Command(("检索", "search"), search),
    "reindex": Command(("重建检索索引", "rebuild the search index"), json_only),
    "ledger": Command(("校验操作日志：qidang ledger verify", "verify the ledger: qidang ledger verify"), ledger),
    "verify": Command(("校验操作日志与全部原文", "verify the ledger and every kept byte"), json_only),
    "cleared": Command(
        ("误传清除的名单；恢复备份后用 --apply", "what was removed for good; --apply after a restore"), cleared
    ),
    "health": Command(
        ("网页、数据库、库钥、磁盘、后台是否正常", "whether all of it is well"), health, needs_home=False
    ),
    "demo": Command(("生成示例档案", "make the sample archive"), demo, needs_home=False),
    "createadmin": Command(("建立管理员", "make an administrator"), createadmin),
    "prepare": Command(("建立并迁移数据目录", "make and migrate the home"), is_inner=True),
    "web": Command(("网页进程", "the web process"), address, needs_home=False, is_inner=True),
}
