"""A private PostgreSQL of the tests' and benchmarks' own, on a socket in a folder, no network."""

import os
import pwd
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import URL


class PostgresMissing(Exception):
    """Why there is none."""


class PrivatePostgres:
    """Started on entry, gone on exit.

    Args:
        is_durable: False saves the disk syncs, which tests of behaviour do not need.
    """

    def __init__(self, *, is_durable=False):
        self._folder = Path(tempfile.mkdtemp(prefix="fs-pg-"))
        self._names = count(1)
        self._settings = ["listen_addresses=", f"unix_socket_directories={self._folder}"]
        self._settings += ["shared_buffers=32MB", "max_connections=30"]
        if not is_durable:
            self._settings += ["fsync=off", "full_page_writes=off"]
        # PostgreSQL refuses to run as root.
        self._user = {}
        if os.geteuid() == 0:
            self._user = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid}
            self._user["extra_groups"] = []

    def __enter__(self):
        try:
            self._binaries = _binaries()
            if self._user:
                shutil.chown(self._folder, self._user["user"], self._user["group"])
            self._run(
                "initdb", "-A", "trust", "-U", "cdc", "-E", "UTF8", "--no-sync", "--no-locale"
            )
            self.start()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self):
        options = " ".join(f"-c {setting}" for setting in self._settings)
        self._run(
            "pg_ctl", "start", "-w", "-t", "60", "-l", str(self._folder / "log"), "-o", options
        )

    def stop(self):
        self._run("pg_ctl", "stop", "-w", "-t", "30", "-m", "immediate")

    def fresh_database(self):
        """Return the URL of an empty database."""
        name = f"inbox{next(self._names)}"
        self.sql("postgres", f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, database):
        query = {"host": str(self._folder)}
        return URL.create("postgresql+psycopg", "cdc", database=database, query=query)

    def sql(self, database, statement):
        with psycopg.connect(
            host=str(self._folder), user="cdc", dbname=database, autocommit=True
        ) as connection:
            connection.execute(statement)

    def _run(self, program, *arguments):
        done = subprocess.run(
            [self._binaries / program, *arguments],
            env={"PATH": os.environ["PATH"], "PGDATA": str(self._folder / "data"), "LC_ALL": "C"},
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=120,
            check=False,
            text=True,
            **self._user,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")


def _binaries():
    found = [shutil.which("initdb"), *sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))]
    if found[-1] is None:
        raise PostgresMissing("PostgreSQL's server is not installed: run `make system`")
    return Path(found[-1]).parent
