"""Downloading WikiText: `fetch` puts the files of an archive into a directory, all of them or none.

Where tasks look for them is in `tasks.corpora`. The archives are the original ones, checked by SHA-256.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final, Protocol

from tasks.corpora import TEST, TRAIN_2, TRAIN_103, VALID
from tasks.splits import DataError, Split, check

WIKITEXT_LICENCE: Final = "CC BY-SA 3.0 or GFDL"


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip archive of a corpus.

    Attributes:
        file: its name.
        urls: where it is, in the order in which they are tried.
        size: in bytes.
        sha256: of the archive.
        folder: in the archive and in the directory, where the files are.
        splits: the files.
        licence: of the texts.
    """

    file: str
    urls: tuple[str, ...]
    size: int
    sha256: str
    folder: str
    splits: tuple[Split, ...]
    licence: str = WIKITEXT_LICENCE


ARCHIVES: Final[dict[str, Archive]] = {
    "wikitext-2": Archive(
        "wikitext-2-raw-v1.zip",
        (
            "https://wikitext.smerity.com/wikitext-2-raw-v1.zip",
            "https://huggingface.co/datasets/ggml-org/ci/resolve/main/wikitext-2-raw-v1.zip",
        ),
        4_721_645,
        "ef7edb566e3e2b2d31b29c1fdb0c89a4cc683597484c3dc2517919c615435a11",
        "wikitext-2-raw",
        (TRAIN_2, VALID, TEST),
    ),
    "wikitext-103": Archive(
        "wikitext-103-raw-v1.zip",
        ("https://wikitext.smerity.com/wikitext-103-raw-v1.zip",),
        191_984_949,
        "91c00ae287f0d699e18605c84afc9e45c192bc6b7797ff8837e5474655a33794",
        "wikitext-103-raw",
        (TRAIN_103, VALID, TEST),
    ),
}
"""The archives that can be downloaded, by the names of their corpora."""


class Progress(Protocol):
    """What is told how far a download has come."""

    total: float

    def update(self, n: int) -> None:
        """So many bytes more have come."""
        ...

    def reset(self) -> None:
        """Count from 0 again."""
        ...

    def close(self) -> None:
        """It is complete."""
        ...


def fetch(archive: Archive, directory: Path, progress: Progress | None = None) -> None:
    """Download an archive and put its files into its folder of a directory, which is made if it does not exist.

    Everything happens in a temporary folder of the directory; files are moved to their places when all have been
    checked, so that what is interrupted leaves nothing behind. An archive that a person put into the directory is used
    instead of a download.

    Raises:
        DataError: no address gave the archive, it holds other files than it should, or they can't be written; the
            message says what a person can do.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".download-", dir=directory) as temporary:
            zipped = directory / archive.file
            if check((zipped,), _as_file(archive)) is not None:
                zipped = _download(archive, Path(temporary), directory, progress)
            _unpack(archive, zipped, Path(temporary))
            (directory / archive.folder).mkdir(exist_ok=True)
            for split in archive.splits:
                os.replace(Path(temporary, split.file), directory / archive.folder / split.file)
    except OSError as error:
        raise DataError(f"can't write to {directory}: {error.strerror or error}") from error


def by_hand(archive: Archive, directory: Path) -> str:
    """What a person can do where this program has no network."""
    return (
        f"get {archive.file} ({archive.size:,} bytes, SHA-256 {archive.sha256}) in another way, "
        f"put it into {directory}, and run this again"
    )


def _as_file(archive: Archive) -> Split:
    return Split(archive.file, "", 0, size=archive.size, sha256=archive.sha256)


def _download(archive: Archive, temporary: Path, directory: Path, progress: Progress | None) -> Path:
    """The archive, from the first address that gives it."""
    import pooch

    pooch.get_logger().setLevel("ERROR")  # it logs every download to the terminal
    # The server refuses some programs by name, so ours gives its own.
    headers = {"User-Agent": f"evolve/{version('evolve')}"}
    failures = []
    for url in archive.urls:
        downloader = pooch.HTTPDownloader(headers=headers, progressbar=progress or False)
        try:
            path = pooch.retrieve(
                url, f"sha256:{archive.sha256}", fname=archive.file, path=temporary, downloader=downloader
            )
        except (OSError, ValueError) as error:  # requests' errors are OSErrors; another SHA-256 is a ValueError
            if getattr(error, "errno", None) is not None:  # the disk's, not the network's
                raise
            failures.append(f"{url}: {_reason(error)}")
            continue
        return Path(path)
    raise DataError(f"can't download {archive.file}: {'; '.join(failures)}. You can {by_hand(archive, directory)}")


def _reason(error: Exception) -> str:
    """Why a download failed, in a few words."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status is not None:
        return f"the server answered {status}"
    if isinstance(error, OSError):
        return f"no connection, or it broke ({type(error).__name__})"
    return "what came is not the original, its SHA-256 is another"


def _unpack(archive: Archive, zipped: Path, temporary: Path) -> None:
    """Unpack the splits and check them."""
    try:
        with zipfile.ZipFile(zipped) as contents:
            for split in archive.splits:
                path = temporary / split.file
                with contents.open(f"{archive.folder}/{split.file}") as source, path.open("wb") as unpacked:
                    shutil.copyfileobj(source, unpacked, 1 << 20)
                fault = check((path,), split)
                if fault is not None:
                    raise DataError(f"{split.file} in {zipped.name} {fault}")
    except (zipfile.BadZipFile, KeyError) as error:
        raise DataError(f"{zipped.name} is not the archive that is known: {error}") from error
