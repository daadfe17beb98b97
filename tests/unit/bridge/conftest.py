"""A bridge on a socket of its own, and kiosks that connect to it."""

import pytest

from station.runtime.bridge import BridgeServer
from station.runtime.bridge_client import BridgeClient
from station.runtime.sessions import Session
from tests.support import wait_for


@pytest.fixture
def path(tmp_path):
    return tmp_path / "bridge.sock"


@pytest.fixture
def start(path):
    servers = []

    def begin(on_command=lambda command, person: None, snapshot=tuple, admit=Session):
        servers.append(BridgeServer(path, on_command, snapshot, admit))
        return servers[-1]

    yield begin
    for server in servers:
        server.close()


@pytest.fixture
def connect(path):
    clients = []

    def begin(server=None, *, as_user=False):
        client = BridgeClient(path, as_user=as_user)
        client.connect()
        clients.append(client)
        if server is not None:
            wait_for(lambda: len(server._clients) == len(clients))
        return client

    yield begin
    for client in clients:
        client.close()
