"""The `tamizdat` command, whatever it is asked to run."""

import pytest

from tamizdat.config import command


def test_ctrl_c_is_one_sentence(monkeypatch):
    def stop(_argv):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "execute_from_command_line", stop)

    with pytest.raises(SystemExit, match="Run the same again"):
        command.main()
