"""What every vault does: bytes by their hash, deposits that stay whole or leave nothing."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from offair.model.errors import BadInput, Conflict, NotFound, Unavailable
from offair.store import Vault
from offair.store.folder_vault import FolderVault

Opened = Callable[[], Vault]


@pytest.fixture(params=["folder"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """Opens one vault, as another process would."""
    return lambda: FolderVault(tmp_path / "vault")


@pytest.fixture
def vault(opened: Opened) -> Vault:
    """Each implementation, empty."""
    return opened()


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A file of three megabytes and a bit."""
    path = tmp_path / "evening news.mp4"
    path.write_bytes(bytes(range(256)) * 12_345)
    return path


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def everything(vault: Vault, tmp_path: Path) -> list[str]:
    """Every file of the vault's folder but its lock."""
    del vault
    files = (one for one in (tmp_path / "vault").rglob("*") if one.is_file())
    return sorted(one.name for one in files if one.name != "lock")


@pytest.mark.parametrize("link", [False, True])
def test_a_kept_file_is_there_under_its_hash(vault: Vault, news: Path, link: bool) -> None:
    with vault.deposit_file(news, link=link) as deposit:
        about = deposit.object
        deposit.keep()
    assert about.sha256 == sha256(news.read_bytes())
    assert (about.size_bytes, about.name) == (news.stat().st_size, "evening news.mp4")
    assert vault.path(about.sha256).read_bytes() == news.read_bytes()
    assert vault.path(about.sha256).samefile(news) == link
    assert vault.verify(about.sha256)
    assert list(vault.objects()) == [about.sha256]
    assert vault.unkept() == []


def test_a_link_leaves_the_owners_file_as_it_is(vault: Vault, news: Path) -> None:
    news.chmod(0o640)
    with vault.deposit_file(news, link=True) as deposit:
        pass
    assert news.stat().st_nlink == 1
    assert stat.S_IMODE(news.stat().st_mode) == 0o640
    with vault.deposit_file(news) as deposit:
        deposit.keep()
    mode = vault.path(deposit.object.sha256).stat().st_mode
    assert not mode & 0o222, "what the vault holds is written once"


def test_bytes_are_read_back_from_any_place(vault: Vault) -> None:
    with vault.deposit_bytes(b"the evening news", "cut.mp4") as deposit:
        deposit.keep()
    with vault.open(deposit.object.sha256) as file:
        file.seek(4)
        assert file.read(7) == b"evening"
    assert deposit.object.name == "cut.mp4"


@pytest.mark.parametrize("link", [False, True])
def test_what_is_not_kept_leaves_nothing(
    vault: Vault, news: Path, tmp_path: Path, link: bool
) -> None:
    with vault.deposit_file(news, link=link) as deposit:
        assert vault.path(deposit.object.sha256).exists()
    with pytest.raises(NotFound):
        vault.path(deposit.object.sha256)
    assert everything(vault, tmp_path) == []
    assert news.exists()


def test_a_refusal_of_the_catalogue_leaves_nothing(vault: Vault, tmp_path: Path) -> None:
    def refuse() -> None:
        with vault.deposit_bytes(b"x", "x"):
            raise Conflict("the recording is there already")

    with pytest.raises(Conflict):
        refuse()
    assert everything(vault, tmp_path) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, Unavailable, RuntimeError])
@pytest.mark.parametrize("committed", [False, True])
def test_where_nobody_knows_whether_it_was_committed_the_catalogue_is_asked(
    opened: Opened, tmp_path: Path, error: type[BaseException], committed: bool
) -> None:
    address = sha256(b"x")

    def interrupt() -> None:
        with opened().deposit_bytes(b"x", "x"):
            raise error

    with pytest.raises(error):
        interrupt()
    vault = opened()
    assert vault.unkept() == [address]
    vault.settle(address, referred=committed)
    assert vault.unkept() == []
    assert everything(vault, tmp_path) == [address] * committed


def test_the_same_bytes_twice_are_one_object_and_stay(opened: Opened, news: Path) -> None:
    with opened().deposit_file(news) as first:
        first.keep()
    with opened().deposit_file(news) as second:
        assert second.object.sha256 == first.object.sha256
    assert list(opened().objects()) == [first.object.sha256]


@pytest.mark.parametrize("kept", [(), ("one",), ("other",), ("one", "other")])
@pytest.mark.parametrize("ends_first", ["one", "other"])
def test_two_deposits_of_the_same_bytes_at_once(
    opened: Opened, kept: tuple[str, ...], ends_first: str, tmp_path: Path
) -> None:
    entered = {name: opened().deposit_bytes(b"same", name) for name in ("one", "other")}
    deposits = {name: entered[name].__enter__() for name in entered}
    order = sorted(entered, key=lambda name: name != ends_first)
    for name in order:
        if name in kept:
            deposits[name].keep()
        entered[name].__exit__(None, None, None)
    assert everything(opened(), tmp_path) == ([sha256(b"same")] if kept else [])


def test_a_living_deposit_is_nobody_elses_to_settle(opened: Opened) -> None:
    with opened().deposit_bytes(b"x", "x") as deposit:
        other = opened()
        assert other.unkept() == []
        other.settle(deposit.object.sha256, referred=False)
        assert other.verify(deposit.object.sha256)
        deposit.keep()
    assert opened().verify(deposit.object.sha256)


KILLED = """
import os, sys
from pathlib import Path
from offair.store.folder_vault import FolderVault
with FolderVault(Path(sys.argv[1])).deposit_bytes(b"x", "x"):
    os.kill(os.getpid(), 9)
"""


def kill_in_deposit(tmp_path: Path) -> str:
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "vault")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert run.returncode == -9
    return sha256(b"x")


@pytest.mark.parametrize("referred", [False, True])
def test_what_a_killed_process_left_is_settled(
    vault: Vault, tmp_path: Path, referred: bool
) -> None:
    address = kill_in_deposit(tmp_path)
    assert vault.unkept() == [address]
    vault.settle(address, referred=referred)
    assert vault.unkept() == []
    assert everything(vault, tmp_path) == [address] * referred


def test_settling_never_takes_what_was_kept_since_it_was_asked(
    opened: Opened, tmp_path: Path
) -> None:
    address = kill_in_deposit(tmp_path)
    sweeper = opened()
    assert sweeper.unkept() == [address]
    with opened().deposit_bytes(b"x", "x") as deposit:
        deposit.keep()
    sweeper.settle(address, referred=False)
    assert sweeper.verify(address)
    assert sweeper.unkept() == []


def test_abandoning_leaves_the_bytes_to_a_dead_deposit_that_may_be_committed(
    opened: Opened, tmp_path: Path
) -> None:
    address = kill_in_deposit(tmp_path)
    with opened().deposit_bytes(b"x", "x"):
        pass
    assert opened().verify(address)
    opened().settle(address, referred=True)
    assert everything(opened(), tmp_path) == [address]


def test_half_written_files_of_dead_processes_are_swept(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "vault" / "incoming" / "0123.part").write_bytes(b"half of the ne")
    assert vault.unkept() == []
    assert everything(vault, tmp_path) == []


def test_settling_what_nobody_left_changes_nothing(vault: Vault) -> None:
    with vault.deposit_bytes(b"x", "x") as deposit:
        deposit.keep()
    vault.settle(deposit.object.sha256, referred=False)
    assert vault.verify(deposit.object.sha256)


def test_many_threads_deposit_the_same_bytes(opened: Opened, tmp_path: Path) -> None:
    vault, failed = opened(), []

    def work(number: int) -> None:
        for turn in range(10):
            with vault.deposit_bytes(b"the same", "x") as deposit:
                if not vault.verify(deposit.object.sha256):
                    failed.append(number)
                if (number + turn) % 3 == 0:
                    deposit.keep()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    assert everything(vault, tmp_path) == [sha256(b"the same")]


def make_folder(path: Path) -> None:
    path.mkdir()


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_loop(path: Path) -> None:
    path.symlink_to(path)


def make_link_to_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_nothing(path: Path) -> None:
    del path


@pytest.mark.parametrize(
    "make", [make_nothing, make_folder, make_pipe, make_loop, make_link_to_device]
)
def test_what_is_no_file_is_refused_by_its_name(
    vault: Vault, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "given")
    with pytest.raises(BadInput, match="given"), vault.deposit_file(tmp_path / "given"):
        pass
    assert everything(vault, tmp_path) == []


def test_a_path_that_no_system_has_is_refused(vault: Vault) -> None:
    for name in ("a\0b", "n" * 5_000):
        with pytest.raises(BadInput), vault.deposit_file(Path("/tmp") / name):
            pass


def test_a_symbolic_link_to_a_file_is_followed(vault: Vault, news: Path, tmp_path: Path) -> None:
    (tmp_path / "today.mp4").symlink_to(news)
    for link in (False, True):
        with vault.deposit_file(tmp_path / "today.mp4", link=link) as deposit:
            assert deposit.object.name == "today.mp4"
            assert not vault.path(deposit.object.sha256).is_symlink()
            assert vault.verify(deposit.object.sha256)


@pytest.mark.parametrize("link", [False, True])
def test_a_file_that_is_not_the_one_expected_is_a_conflict(
    vault: Vault, news: Path, tmp_path: Path, link: bool
) -> None:
    expected = sha256(news.read_bytes())
    with vault.deposit_file(news, link=link, expect_sha256=expected):
        pass
    with news.open("ab") as file:
        file.write(b"more")
    with (
        pytest.raises(Conflict, match="changed"),
        vault.deposit_file(news, link=link, expect_sha256=expected),
    ):
        pass
    assert everything(vault, tmp_path) == []


def test_an_empty_file_is_a_file(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with vault.deposit_file(tmp_path / "empty") as deposit:
        deposit.keep()
    assert deposit.object.size_bytes == 0
    assert vault.verify(sha256(b""))


@pytest.mark.parametrize("address", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64, "*"])
def test_an_address_is_never_a_path(vault: Vault, address: str) -> None:
    for look in (vault.path, vault.open, vault.verify):
        with pytest.raises(NotFound):
            look(address)


def test_damage_is_noticed_and_missing_bytes_are_healed_by_a_new_deposit(vault: Vault) -> None:
    with vault.deposit_bytes(b"the evening news", "x") as deposit:
        deposit.keep()
    path = vault.path(deposit.object.sha256)
    path.chmod(0o644)
    path.write_bytes(b"the evening ne")
    assert not vault.verify(deposit.object.sha256)
    with vault.deposit_bytes(b"the evening news", "x"):
        assert vault.verify(deposit.object.sha256)
    assert vault.verify(deposit.object.sha256)


def test_free_room_is_known(vault: Vault) -> None:
    assert vault.free_bytes() > 0
