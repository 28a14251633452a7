"""The `tamizdat` command: `init DIR` and `demo` make a newsroom, all else runs inside one."""

import os
import sys
from pathlib import Path
from textwrap import wrap

from django.core.management import execute_from_command_line

import tamizdat
from tamizdat.config import demonstration, newsroom
from tamizdat.lib.env import BadSetting

ASKS_FOR_HELP: tuple[list[str], ...] = ([], ["help"], ["--help"], ["-h"])
OF_DJANGO = ("createsuperuser", "migrate")
USAGE = """\
tamizdat init FOLDER   makes a newsroom
tamizdat demo          makes one with stories and gifts, to click through

In the folder of a newsroom, or with TAMIZDAT_HOME:
  {commands}

tamizdat COMMAND --help says what each does."""


def usage() -> str:
    """Which commands there are; to be read outside a newsroom too."""
    files = Path(tamizdat.__file__).parent.glob("*/management/commands/[a-z]*.py")
    ours = {path.stem.replace("_", "-") for path in files if not path.stem.startswith("demo")}
    return USAGE.format(commands="\n  ".join(wrap(", ".join(sorted({*ours, *OF_DJANGO})), 76)))


def main() -> None:
    """Run one command; hyphens and underscores in its name are the same."""
    argv = ["tamizdat", *sys.argv[1:]]
    if len(argv) > 1:
        argv[1] = argv[1].replace("-", "_") if not argv[1].startswith("-") else argv[1]
    if argv[1:] in ASKS_FOR_HELP:
        print(usage())
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tamizdat.config.settings")
    try:
        if argv[1:2] == ["init"]:
            newsroom.init(argv[2:])
        elif argv[1:2] == ["demo"]:
            demonstration.run(argv[2:])
        else:
            execute_from_command_line(argv)
    except BadSetting as error:
        sys.exit(f"tamizdat: {error}")
    except KeyboardInterrupt:
        sys.exit("\ntamizdat: Stopped before its end. Run the same again: what is done stays done.")


if __name__ == "__main__":
    main()
