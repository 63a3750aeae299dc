"""Write docs/reference.md: every environment name, command, act and refusal, taken from the source itself."""

import argparse
import pathlib
import sys
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from qidang.cli.arguments import COMMANDS  # noqa: E402
from qidang.cli.frame import Parser  # noqa: E402
from qidang.tests import code  # noqa: E402

TARGET = ROOT / "docs" / "reference.md"
ENVIRONMENT = {
    "QIDANG_HOME": ("数据目录；缺省为源码旁的 data/", "the data folder; data/ beside the source unless set"),
    "DATABASE_URL": (
        "数据库；缺省为数据目录里的 SQLite；postgresql://用户:密码@主机/库名",
        "the database; SQLite in the home unless set; postgresql://user:password@host/name",
    ),
    "QIDANG_PRODUCTION": (
        "1 = 投入使用：缺密钥、域名、库钥文件即拒绝启动",
        "1 = in service: refuses to start without its secrets",
    ),
    "QIDANG_SECRET_KEY": ("会话与表单签名的密钥，至少 50 个字符", "signs sessions and forms; 50 characters or more"),
    "QIDANG_ALLOWED_HOSTS": ("访问用的域名，逗号分隔", "the names people type, comma-separated"),
    "QIDANG_ORIGINS": (
        "允许提交表单的其他来源（https://域名），逗号分隔；一般不用",
        "further origins whose forms are accepted (https://name), comma-separated; seldom needed",
    ),
    "QIDANG_KEY_FILE": (
        "库钥文件，0600；缺省为源码旁的 qidang.key，投入使用后为 /etc/qidang/key",
        "the key file, 0600; qidang.key beside the source, /etc/qidang/key in service",
    ),
    "QIDANG_CLEARED_FILE": (
        "清除名单（误传清除后不得复活的文件），要放在数据目录和备份之外；缺省为库钥文件旁的 <库钥>.cleared",
        "the list of what was cleared for good, outside the home and its backups; <key file>.cleared unless set",
    ),
    "QIDANG_TIME_ZONE": ("公司所在时区；缺省 Asia/Shanghai", "the company's time zone; Asia/Shanghai unless set"),
    "QIDANG_HOST": ("监听地址；缺省 127.0.0.1", "the address to listen at; 127.0.0.1 unless set"),
    "QIDANG_PORT": ("监听端口；缺省 8000", "the port to listen at; 8000 unless set"),
    "QIDANG_PROXIES": (
        "可信的反向代理地址，逗号分隔；缺省 127.0.0.1",
        "trusted reverse proxies, comma-separated; 127.0.0.1 unless set",
    ),
    "QIDANG_SIGN_IN_FAILURES_PER_ADDRESS": (
        "一个来源地址 15 分钟内允许登录失败的次数，到了就停 15 分钟；缺省 50",
        "failed sign-ins allowed to one address in 15 minutes before it is stopped for 15; 50 unless set",
    ),
    "QIDANG_SIGN_IN_FAILURES_PER_NAME": (
        "一个用户名一天内允许从陌生设备登录失败的次数，到了就锁 15 分钟（登录过的设备不受影响）；缺省 100",
        "failed sign-ins in a day that lock a name for strange devices, not for known ones; 100 unless set",
    ),
    "QIDANG_ORIGINALS_DAYS": (
        "签订后多少天正本还没收齐就列为缺原件并提醒；缺省 30",
        "days after signing from which on originals not back are listed and reminded of; 30 unless set",
    ),
    "QIDANG_STATIC": (
        "收集好的页面文件所在目录；缺省 build/static",
        "the collected page files; build/static unless set",
    ),
    "QIDANG_FONT": (
        "画页面图与水印用的中文字体；缺省为 npm 里的 Noto Sans SC",
        "the Chinese font for page images and watermarks; Noto Sans SC of npm unless set",
    ),
    "QIDANG_LOG_LEVEL": ("日志级别：DEBUG INFO WARNING ERROR；缺省 INFO", "DEBUG INFO WARNING ERROR; INFO unless set"),
    "QIDANG_LANGUAGE": (
        "命令行的语言：zh 或 en；缺省看系统语言",
        "the command line's language: zh or en; the locale unless set",
    ),
    "QIDANG_COLLECTING": ("make setup 收集页面文件时自用", "used by make itself while it collects page files"),
    "QIDANG_READING_TRACE": (
        "1 = 识读子进程出错时打印详情，供排查",
        "1 = reading children print the details of a crash",
    ),
    "QIDANG_TESTING": ("测试时自用", "used by the tests themselves"),
}
HEAD = """# 参考 Reference

由 `make docs` 从源码生成，不要手改。Written from the source by `make docs`; do not edit.

"""


def environment() -> Iterator[str]:
    """Yield the table of environment names."""
    yield "## 环境变量 Environment\n\n| 名称 Name | 说明 | Meaning |\n|---|---|---|\n"
    for name, (zh, en) in ENVIRONMENT.items():
        yield f"| `{name}` | {zh} | {en} |\n"


def commands() -> Iterator[str]:
    """Yield the commands with their arguments."""
    yield "\n## 命令 Commands\n\n退出码 exit code: 0 全部成功 all good · 1 有拒绝 some refused · "
    yield "2 用法错误或拒绝启动 wrong usage, start refused\n"
    for name, command in COMMANDS.items():
        if command.is_inner:
            continue
        parser = Parser(prog=f"qidang {name}", add_help=False)
        command.add_arguments(parser)
        usage = argparse.HelpFormatter(prog=f"qidang {name}", width=100)
        usage.add_usage(None, parser._actions, parser._mutually_exclusive_groups, prefix="")
        yield f"\n### qidang {name}\n\n{command.about[0]} · {command.about[1]}\n"
        yield f"\n```\n{usage.format_help().strip()}\n```\n"


def acts() -> Iterator[str]:
    """Yield the acts that the ledger records, with their phrases."""
    yield "\n## 操作 Acts\n\n| 名称 Act | 中文 | English |\n|---|---|---|\n"
    for act, phrase in sorted(code.tables("phrases")["ledger"].items()):
        yield f"| `{act}` | {phrase['zh']} | {phrase['en']} |\n"


def refusals() -> Iterator[str]:
    """Yield the refusals with their texts and next steps."""
    yield "\n## 拒绝 Refusals\n\n| 代码 Code | 中文 | English |\n|---|---|---|\n"
    texts = {refusal: row for table in code.tables("refusals").values() for refusal, row in table.items()}
    for refusal, row in sorted(texts.items()):
        zh = f"{row['zh']}<br>{row.get('zh_next', '')}"
        yield f"| `{refusal}` | {zh} | {row['en']}<br>{row.get('en_next', '')} |\n".replace("\n|", " |")


def text() -> str:
    """Return the whole page."""
    return HEAD + "".join([*environment(), *commands(), *acts(), *refusals()])


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text(), encoding="utf-8")
