# SPDX-License-Identifier: MIT
"""certferryd as a test runs it: a configuration, a credentials file, and what it logs."""

import json
import os
import re
import signal
import subprocess
from pathlib import Path

from .paths import build_directory
from .sandbox import SECRET_ID, SECRET_KEY, Sandbox
from .waiting import wait_until


# Of both generations; the sandbox is all of them.
SERVICES = ("lb", "wss", "clb", "ssl", "sts")


def daemon_table(**keys: str) -> str:
    """[daemon] with everything quick, and with further keys or other values, as TOML."""
    values = {"state_dir": '"{directory}/state"', "control_socket": '"{directory}/control.sock"',
              "settle": '{ min = "50ms", max = "1s" }', "rescan": '"1s"'} | keys
    return "[daemon]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())


def http_table(listen: str = "unix:{directory}/http.sock", **keys: str) -> str:
    """[http], with further keys as TOML."""
    return f'[http]\nlisten = "{listen}"\n' + "".join(f"{key} = {value}\n" for key, value in keys.items())


def account_table(sandbox: Sandbox, name: str = "default", **keys: str) -> str:
    """[account.NAME], which `sandbox` is, with further keys or other values as TOML."""
    values = {"api": '"2.0"', "credentials": '{ kind = "file", path = "{directory}/credentials.toml" }',
              "endpoint": "{ " + ", ".join(f'{service} = "{sandbox.api}"' for service in SERVICES) + " }",
              "ca_file": f'"{sandbox.ca}"',
              "timeout": '{ total = "6s" }'} | keys
    return f"[account.{name}]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())


class Daemon:
    """One daemon, started, killed and started again over the same directory. The configuration is TOML with
    the directory's name wherever it says {directory}."""

    def __init__(self, directory: Path, configuration: str):
        self.directory = directory
        self.config, self.log_file = directory / "certferry.toml", directory / "certferryd.log"
        (directory / "state").mkdir(mode=0o700, parents=True, exist_ok=True)
        self.log_file.touch()
        self.write_configuration(configuration)
        self.write_credentials(SECRET_ID, SECRET_KEY)
        self.wrapper = []  # a command that runs another one, which it is started by
        self.process = None
        self._log_start = 0

    def write_configuration(self, text: str):
        self.config.write_text(text.replace("{directory}", str(self.directory)))

    def write_credentials(self, secret_id: str, secret_key: str):
        """The file {directory}/credentials.toml, for its owner only."""
        path = self.directory / "credentials.toml"
        path.touch(mode=0o600)
        path.write_text(f'secret_id = "{secret_id}"\nsecret_key = "{secret_key}"\n')

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.running():
            self.term()

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, *arguments: str, **environment: str):
        """Appends to the same log. `wait_for_log` looks at what this start wrote."""
        self._log_start = self.log_file.stat().st_size
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [*self.wrapper, build_directory() / "certferryd", "--config", self.config, *arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=os.environ | environment)

    def run(self, *arguments: str, **environment: str) -> int:
        """Starts it and waits for its end; its exit code."""
        self.start(*arguments, **environment)
        return self.wait()

    def target(self, mapping: str, command: str = "history", account: str = "") -> dict:
        """What `certferry history` or `certferry status` says of a mapping's target in an account, or its first.
        Whatever the exit code is: it tells whether all is well."""
        targets = json.loads(self.certferry(command, mapping, "-o", "json", check=False))["targets"]
        return next(target for target in targets if account in ("", target["account"]))

    def certferry(self, *arguments: str, check: bool = True) -> str:
        """What the command says on its standard output. Raises CalledProcessError when it fails, if to `check`."""
        return subprocess.run(self.command_line(*arguments), capture_output=True, text=True, check=check).stdout

    def command(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        """The command, run to its end, whatever that is."""
        return subprocess.run(self.command_line(*arguments), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              env=os.environ | environment, check=False, timeout=90)

    def command_line(self, *arguments: str) -> list:
        return [build_directory() / "certferry", "--config", self.config, *arguments]

    def log(self) -> str:
        """What was logged since the last start."""
        with open(self.log_file, "rb") as file:
            file.seek(self._log_start)
            return file.read().decode(errors="replace")

    def wait_for_log(self, pattern: str, timeout: float = 20) -> str:
        """The first line that matches the regular expression. A daemon that ends without it is a failure."""
        def matching_line():
            ended = not self.running()
            for line in self.log().splitlines():
                if re.search(pattern, line):
                    return line
            if ended:
                raise AssertionError(f"certferryd ended with {self.process.returncode}:\n{self.log()}")
            return None
        try:
            return wait_until(matching_line, f"certferryd logs {pattern!r}", timeout)
        except AssertionError as failure:
            raise AssertionError(f"{failure}\nlogged:\n{self.log()}") from None

    def kill9(self):
        self.process.kill()
        self.wait()

    def term(self) -> int:
        """Asks it to end; its exit code."""
        self.ask_to_end()
        return self.wait()

    def ask_to_end(self):
        self.process.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        """Until it has ended; its exit code. One that does not end is killed, and a failure."""
        try:
            return self.process.wait(timeout=40)
        finally:
            self.process.kill()
