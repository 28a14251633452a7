"""The `tamizdat` command, whatever it is asked to run."""

import subprocess
import sys

import pytest

from tamizdat.config import command
from tests.config.webservers import tamizdat


def test_ctrl_c_is_one_sentence(monkeypatch):
    def stop(_argv):
        raise KeyboardInterrupt

    monkeypatch.setattr(sys, "argv", ["tamizdat", "bake"])
    monkeypatch.setattr(command, "execute_from_command_line", stop)

    with pytest.raises(SystemExit, match="Run the same again"):
        command.main()


@pytest.mark.parametrize("words", [[], ["help"], ["--help"]])
def test_help_is_there_outside_a_newsroom_too(tmp_path, words):
    command_line, environ = tamizdat(tmp_path, *words, port=8000)

    said = subprocess.run(command_line, env=environ, check=True, capture_output=True, text=True)

    assert "tamizdat init FOLDER" in said.stdout
    assert "createsuperuser, doctor, edition" in said.stdout
    assert "demo-bank" not in said.stdout
