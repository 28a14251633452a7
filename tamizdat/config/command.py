"""The `tamizdat` command: `init DIR` and `demo` make a newsroom, all else runs inside one."""

import os
import sys

from django.core.management import execute_from_command_line

from tamizdat.config import demonstration, newsroom
from tamizdat.lib.env import BadSetting


def main() -> None:
    """Run one command; hyphens and underscores in its name are the same."""
    argv = ["tamizdat", *sys.argv[1:]]
    if len(argv) > 1:
        argv[1] = argv[1].replace("-", "_") if not argv[1].startswith("-") else argv[1]
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
