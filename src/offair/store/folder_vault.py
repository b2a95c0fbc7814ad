"""The vault in a folder: objects by hash, deposits that survive any crash or leave nothing.

    objects/ab/cd/<sha256>            the bytes, without extension, read-only
    incoming/<token>.part             bytes on their way; locked by the process that writes them
    pending/<sha256>.<token>.<state>  a deposit that the catalogue may not refer to yet; locked too
    lock                              held during every change of the three

A deposit's marker is written before its object and removed when the catalogue has committed.
Its state says what an abandoned deposit means: `new`, these bytes are nobody's yet; `held`,
somebody else keeps them. Locks are `flock`: the system lets go of them when a process ends,
however it ends. The folder must lie on one local file system. (A child forked during a deposit
holds its lock on; the deposit is then swept after the child.)
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from offair.model.errors import BadInput, Conflict, NotFound, OffairError, Unavailable
from offair.model.recording import VaultObject
from offair.store.safe_name import safe_name

_SHA256 = re.compile(r"[0-9a-f]{64}")
_BLOCK = 1 << 20
_FICLONE = 0x40049409
"""Share the blocks of a file instead of copying them: Btrfs, XFS (ioctl_ficlone(2))."""
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_LINK = frozenset(
    {errno.EXDEV, errno.EPERM, errno.EACCES, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP}
)
_NEW, _HELD = "new", "held"


class FolderDeposit:
    """Bytes in the vault under their hash, marked as pending; fulfils `offair.store.Deposit`."""

    def __init__(self, vault: FolderVault, object: VaultObject, token: str, marker: int) -> None:
        """`marker`: the open, locked file descriptor of the pending marker."""
        self._vault = vault
        self._object = object
        self._token = token
        self._marker: int | None = marker
        self._kept = False

    @property
    def object(self) -> VaultObject:
        """Address, size and safe name of the bytes."""
        return self._object

    def keep(self) -> None:
        """The catalogue has committed a row that refers to these bytes. Idempotent."""
        # Said first: whatever happens from here, the bytes are not ours to remove.
        self._kept = True
        if self._marker is not None:
            self._vault.end_deposit(self._object.sha256, self._token, kept=True)
            self.let_go()

    def abandon(self) -> None:
        """Remove the bytes unless something else holds them; nothing after `keep`. Idempotent."""
        if self._marker is not None and not self._kept:
            self._vault.end_deposit(self._object.sha256, self._token, kept=False)
        self.let_go()

    def let_go(self) -> None:
        """Leave the bytes and their marker as they are, for `unkept` and `settle`."""
        if self._marker is not None:
            os.close(self._marker)
            self._marker = None


class FolderVault:
    """Objects in a folder; fulfils `offair.store.Vault`. Many processes may use it at once."""

    def __init__(self, root: Path) -> None:
        """`root` is made, with its parents, where it is missing. Raises `Unavailable`."""
        self._root = root.absolute()
        with self._spoken(0):
            for folder in (self._objects, self._incoming, self._pending):
                folder.mkdir(parents=True, exist_ok=True)

    @property
    def _objects(self) -> Path:
        return self._root / "objects"

    @property
    def _incoming(self) -> Path:
        return self._root / "incoming"

    @property
    def _pending(self) -> Path:
        return self._root / "pending"

    # Deposits

    @contextmanager
    def deposit_file(
        self, path: Path, *, link: bool = False, expect_sha256: str | None = None
    ) -> Iterator[FolderDeposit]:
        """Take in a file, by hard link where `link` is set and the file system allows, else by
        copy; a symbolic link is followed, and must end at a regular file.

        A linked file is the same file under two names: its owner must never change it in place,
        and its permissions stay as they are. Raises `BadInput` (no such file, not a regular
        file), `Unavailable` (disk full, no right to write; nothing half-written stays),
        `Conflict` where the file changed while it was read or is not `expect_sha256`.
        """
        source = open_regular(path)
        try:
            size = os.fstat(source).st_size
            name = safe_name(path.name)
            with self._spoken(size):
                deposit = self._take(source, path, name, link=link, expect=expect_sha256)
        finally:
            os.close(source)
        with _ended(deposit):
            yield deposit

    @contextmanager
    def deposit_bytes(self, data: bytes, name: str) -> Iterator[FolderDeposit]:
        """Take in bytes made by the desk (a cut, a record). Errors as `deposit_file`."""
        with self._spoken(len(data)):
            self._want_room(len(data))
            deposit = self._write(lambda target: _write_bytes(target, data), safe_name(name), None)
        with _ended(deposit):
            yield deposit

    def _take(
        self, source: int, path: Path, name: str, *, link: bool, expect: str | None
    ) -> FolderDeposit:
        before = _state(source)

        def check(sha256: str) -> None:
            if _state(source) != before or (expect is not None and sha256 != expect):
                raise Conflict(
                    f"{path} changed while it was read; add it again when it is finished"
                )

        if link:
            sha256, size = _hash(source)
            check(sha256)
            os.fsync(source)
            linked = self._link(source, path, VaultObject(sha256, size, name))
            if linked is not None:
                return linked
            os.lseek(source, 0, os.SEEK_SET)
        self._want_room(before[0])
        return self._write(lambda target: _copy(source, target), name, check)

    def _write(
        self,
        fill: Callable[[int], tuple[str, int]],
        name: str,
        check: Callable[[str], None] | None,
    ) -> FolderDeposit:
        token = secrets.token_hex(8)
        part = self._incoming / f"{token}.part"
        with self._locked():
            target = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
            fcntl.flock(target, fcntl.LOCK_EX)
        try:
            sha256, size = fill(target)
            if check is not None:
                check(sha256)
            os.fchmod(target, os.fstat(target).st_mode & 0o444)
            os.fsync(target)
            return self._place(VaultObject(sha256, size, name), token, part.rename)
        finally:
            part.unlink(missing_ok=True)
            os.close(target)

    def _link(self, source: int, path: Path, object: VaultObject) -> FolderDeposit | None:
        """By hard link; None where the file system or its rules do not allow one."""
        real = path.resolve()

        def link(place: Path) -> None:
            os.link(real, place)
            if not os.path.samestat(os.fstat(source), place.stat()):
                place.unlink()
                raise Conflict(f"{path} was replaced while it was read; add it again")

        try:
            return self._place(object, secrets.token_hex(8), link)
        except OSError as error:
            if error.errno not in _NO_LINK:
                raise
            return None

    def _place(
        self, object: VaultObject, token: str, put: Callable[[Path], object]
    ) -> FolderDeposit:
        """Mark the deposit as pending, then `put` its bytes where the object belongs."""
        place = self._place_of(object.sha256)
        with self._locked():
            states = {one.name.rpartition(".")[2] for one in self._markers(object.sha256)}
            there = place.exists()
            state = _HELD if there and (not states or _HELD in states) else _NEW
            pending = self._pending / f"{object.sha256}.{token}.{state}"
            marker = os.open(pending, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(marker, fcntl.LOCK_EX)
                _sync_folder(self._pending)
                # Bytes of another size under this hash are damaged: the good ones take their place.
                if not there or place.stat().st_size != object.size_bytes:
                    place.parent.mkdir(parents=True, exist_ok=True)
                    if there:
                        place.unlink()
                    put(place)
                    for folder in (place.parent, place.parent.parent, self._objects):
                        _sync_folder(folder)
            except BaseException:
                self._end(object.sha256, [pending], kept=False)
                os.close(marker)
                raise
        return FolderDeposit(self, object, token, marker)

    def end_deposit(self, sha256: str, token: str, *, kept: bool) -> None:
        """Take a deposit's marker away; its bytes too, where nobody keeps them. For deposits."""
        with self._spoken(0), self._locked():
            mine = [one for one in self._markers(sha256) if one.name.split(".")[1] == token]
            self._end(sha256, mine, kept=kept)

    def _end(self, sha256: str, markers: Sequence[Path], *, kept: bool) -> None:
        """Take these markers away. In an order that a crash after any step leaves right: first
        tell the others that the bytes are kept, or remove the bytes; then the markers."""
        kept = kept or any(one.name.endswith(f".{_HELD}") for one in markers)
        others = [one for one in self._markers(sha256) if one not in markers]
        if kept:
            for one in others:
                if one.name.endswith(f".{_NEW}"):
                    one.rename(one.with_name(f"{one.name.removesuffix(_NEW)}{_HELD}"))
        elif markers and not others:
            place = self._place_of(sha256)
            place.unlink(missing_ok=True)
            for folder in (place.parent, place.parent.parent):
                with suppress(OSError):
                    folder.rmdir()
        for one in markers:
            one.unlink(missing_ok=True)

    # What a crash left

    def unkept(self) -> Sequence[str]:
        """Hashes of deposits whose process is gone and that were never kept nor settled.

        Half-written files of processes that are gone are removed on the way.
        """
        with self._spoken(0), self._locked():
            for part in self._incoming.glob("*.part"):
                if _is_free(part):
                    part.unlink(missing_ok=True)
            dead = {one.name.split(".")[0] for one in self._pending.iterdir() if _is_free(one)}
        return sorted(one for one in dead if _SHA256.fullmatch(one))

    def settle(self, sha256: str, *, referred: bool) -> None:
        """End an unkept deposit: keep the bytes if the catalogue refers to them, else remove.

        Bytes that a living deposit is about to keep, or that another one has kept since, stay.
        """
        self._checked(sha256)
        with self._spoken(0), self._locked():
            dead = [one for one in self._markers(sha256) if _is_free(one)]
            self._end(sha256, dead, kept=referred)

    # Reading

    def path(self, sha256: str) -> Path:
        """A local path to read the object from. Raises `NotFound`."""
        place = self._place_of(self._checked(sha256))
        if not place.is_file():
            raise NotFound(
                f"the vault {self._root} has no object {sha256}; restore it from a backup"
            )
        return place

    def open(self, sha256: str) -> BinaryIO:
        """The object's bytes, for reading, seekable. Raises `NotFound`."""
        place = self.path(sha256)
        with self._spoken(0):
            return place.open("rb")

    def remove(self, sha256: str) -> int:
        """Take an object away for good; how many bytes that freed, 0 where it was not there. Raises
        `NotFound` for what is no address, `Unavailable`."""
        place = self._place_of(self._checked(sha256))
        with self._spoken(0), self._locked():
            # A deposit of the same bytes that is in the making keeps them.
            if self._markers(sha256):
                return 0
            try:
                freed = place.stat().st_size
                place.unlink()
            except FileNotFoundError:
                return 0
        return freed

    def verify(self, sha256: str) -> bool:
        """Read the object again and compare its hash. Raises `NotFound`."""
        with self._spoken(0), self.path(sha256).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256

    def objects(self) -> Iterator[str]:
        """The hash of every object held, in no order."""
        for place in self._objects.glob("??/??/*"):
            if _SHA256.fullmatch(place.name):
                yield place.name

    def free_bytes(self) -> int:
        """Room left where the vault lies, for a user without special rights."""
        with self._spoken(0):
            found = os.statvfs(self._root)
        return found.f_bavail * found.f_frsize

    def _want_room(self, needed_bytes: int) -> None:
        # Refused before it begins, a file too large does not fill the disk for everybody else.
        if needed_bytes > self.free_bytes():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._root))

    def _place_of(self, sha256: str) -> Path:
        return self._objects / sha256[:2] / sha256[2:4] / sha256

    def _checked(self, sha256: str) -> str:
        # An address is never a path: nothing but 64 hex digits reaches the file system.
        if not _SHA256.fullmatch(sha256):
            raise NotFound(f"{sha256!r} is no address of the vault; it has 64 hex digits")
        return sha256

    def _markers(self, sha256: str) -> list[Path]:
        return list(self._pending.glob(f"{sha256}.*"))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Alone in this vault, among all processes and threads; for moments only."""
        lock = os.open(self._root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    @contextmanager
    def _spoken(self, needed_bytes: int) -> Iterator[None]:
        """Turn errors of the file system into `Unavailable`, saying what room is needed."""
        try:
            yield
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise Unavailable(
                    f"the vault {self._root} cannot be used ({error.strerror}: {error.filename}); "
                    "check the disk and the rights on the folder"
                ) from error
            free = "an unknown number of"
            with suppress(OSError):
                found = os.statvfs(self._root)
                free = f"{found.f_bavail * found.f_frsize:,}"
            raise Unavailable(
                f"the vault {self._root} has no room ({error.strerror}): {needed_bytes:,} bytes "
                f"are needed, {free} are free; make room and try again"
            ) from error


@contextmanager
def _ended(deposit: FolderDeposit) -> Iterator[None]:
    """Abandon the deposit at the end; where an error leaves open whether the catalogue has
    committed (a signal, a disk error at commit), leave it for `settle`, which asks."""
    try:
        yield
    except Unavailable:
        deposit.let_go()
        raise
    except OffairError:
        deposit.abandon()
        raise
    except BaseException:
        deposit.let_go()
        raise
    else:
        deposit.abandon()


def open_regular(path: Path) -> int:
    """A file descriptor to read a regular file from. Raises `BadInput` for anything else.

    Looked at before it is opened, and opened without waiting: a pipe or a device never blocks.
    """
    try:
        kind = path.stat().st_mode
        if not stat.S_ISREG(kind):
            what = "a folder" if stat.S_ISDIR(kind) else "a pipe, socket or device"
            raise BadInput(f"{str(path)!r} is {what}, not a file; name a media or text file")
        source = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except FileNotFoundError as error:
        raise BadInput(f"there is no file {str(path)!r}; check the name and the folder") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise BadInput(
            f"{str(path)!r} cannot be read ({reason}); check its name and rights"
        ) from error
    if not stat.S_ISREG(os.fstat(source).st_mode):
        os.close(source)
        raise BadInput(f"{str(path)!r} was replaced by something that is no file; add it again")
    return source


def _state(source: int) -> tuple[int, int]:
    found = os.fstat(source)
    return found.st_size, found.st_mtime_ns


def _blocks(source: int) -> Iterator[bytes]:
    while True:
        try:
            block = os.read(source, _BLOCK)
        except OSError as error:
            raise Unavailable(
                f"a file cannot be read to its end ({error.strerror}); check its disk and try again"
            ) from error
        if not block:
            return
        yield block


def _hash(source: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for block in _blocks(source):
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size


def _copy(source: int, target: int) -> tuple[str, int]:
    """Copy and hash in one pass; where blocks can be shared, share them and hash what is there."""
    with suppress(OSError):
        fcntl.ioctl(target, _FICLONE, source)
        return _hash(target)
    digest, size = hashlib.sha256(), 0
    for block in _blocks(source):
        digest.update(block)
        _write_all(target, block)
        size += len(block)
    return digest.hexdigest(), size


def _write_bytes(target: int, data: bytes) -> tuple[str, int]:
    _write_all(target, data)
    return hashlib.sha256(data).hexdigest(), len(data)


def _write_all(target: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(target, left) :]


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _is_free(path: Path) -> bool:
    """Whether no living process holds this file's lock."""
    try:
        opened = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(opened)
    return True
