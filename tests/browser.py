"""The browser the journeys run in, nginx and Caddy: those on PATH, else what we can install.

`python -m tests.browser` makes sure there is one and says which.
"""

import os
import shutil
import subprocess
import sys

from tests.editions import nginx

SERVERS = ("nginx", "caddy")
PACKAGES = [
    "chromium",
    "fonts-noto-core",
    "nginx-light",
    "libnginx-mod-http-brotli-static",
    "caddy",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def find_or_install() -> str | None:
    """The path of a browser, or None when Playwright installed its own and knows where it is."""
    found = find()
    path = f"{os.environ['PATH']}:/usr/sbin"
    if found and nginx.BROTLI and all(shutil.which(name, path=path) for name in SERVERS):
        return found
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
        subprocess.run(install, check=True, env=environment, stdout=subprocess.DEVNULL)
        return find()
    if not found:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
    return found


if __name__ == "__main__":
    print(f"browser: {find_or_install() or 'the one Playwright keeps'}")
