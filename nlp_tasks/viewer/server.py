"""Serves the viewer on this machine, without asking for an address or an account."""

import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from nlp_tasks.assets import asset

__all__ = ["command", "free_port", "serve"]

_HOST = "127.0.0.1"
_FIRST_PORT = 8501
_WAIT = 60.0  # seconds for the server to answer


def command(results: Path | None, port: int | None, browser: bool) -> list[str]:
    """Return the command line that serves the viewer.

    Parameters
    ----------
    results : Path, optional
        The results file to open; without one, the viewer says how to get one.
    port : int, optional
        Without one, a free port is picked, 8501 if it can be had.
    browser : bool
        Whether Streamlit itself opens a browser.

    Examples
    --------
    >>> command(Path("out.jsonl"), 8600, browser=False)[-2:]
    ['--', 'out.jsonl']
    """
    flags = {
        "server.headless": str(not browser).lower(),
        "server.address": _HOST,
        "server.port": str(free_port() if port is None else port),
        "server.showEmailPrompt": "false",
        "server.fileWatcherType": "none",
        "logger.level": "warning",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
    }
    named = [part for name, value in flags.items() for part in (f"--{name}", value)]
    opened = ["--", str(results)] if results else []
    return [sys.executable, "-m", "streamlit", "run", str(asset("app.py")), *named, *opened]


def free_port(first: int = _FIRST_PORT) -> int:
    """Return a port that nothing listens to: the first one, one of the next twenty, or any."""
    for port in (*range(first, first + 20), 0):
        with socket.socket() as probe:
            if os.name == "posix":  # a port that was just left may be taken again
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port")


def serve(results: Path | None, port: int | None = None, browser: bool = True) -> int:
    """Serve the viewer until Ctrl-C; print its address on one line as soon as it answers.

    A browser is opened where there is a screen and ``browser`` is true. Call it from the main thread.

    Returns
    -------
    int
        0 after Ctrl-C, otherwise the exit code with which the server gave up, such as for a port
        that is taken.
    """
    chosen = free_port() if port is None else port
    address = f"http://{_HOST}:{chosen}"
    run = command(results.resolve() if results else None, chosen, browser=False)
    # What Streamlit greets with goes nowhere, so that the address stands alone; its errors are seen.
    server = subprocess.Popen(run, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # a kill ends both, like Ctrl-C
    try:
        if _answers(server, address):
            sys.stdout.write(f"{address}\n")
            sys.stdout.flush()
            if browser and _has_screen():
                webbrowser.open(address)
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(server)
        signal.signal(signal.SIGTERM, before)


def _answers(server: "subprocess.Popen[bytes]", address: str) -> bool:
    """Wait until the server answers; return False if it ended or took too long."""
    opener = build_opener(ProxyHandler({}))  # this machine is never behind a proxy
    end = time.monotonic() + _WAIT
    while time.monotonic() < end and server.poll() is None:
        try:
            with opener.open(f"{address}/_stcore/health", timeout=2) as answer:
                return bool(answer.status == 200) and server.poll() is None
        except (URLError, OSError):
            time.sleep(0.1)
    return False


def _has_screen() -> bool:
    is_unix = os.name == "posix" and sys.platform != "darwin"
    return not is_unix or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _stop(server: "subprocess.Popen[bytes]") -> None:
    if server.poll() is None:
        server.terminate()
        try:
            server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
