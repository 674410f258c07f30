"""Zip files made to do harm, and broken ones: refused in a sentence, before anything lands."""

from __future__ import annotations

import io
import json
import re
import stat
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import Refused
from connectors.exports import zip_safely
from connectors.exports.zip_safely import open_zip
from tests.connectors.export_files import read_all, script, zipped

TWEETS = "data/tweets.js"
POSTS = script(
    "tweets.part0", [{"tweet": {"id_str": str(name), "full_text": f"words {name} " * 20}} for name in range(5)]
)
DIRECTORY = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")


def archive(tmp_path: Path) -> Path:
    return zipped(tmp_path / "x.zip", {TWEETS: POSTS, "data/media/1.jpg": b"picture" * 50})


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as told:
        read_all(path)
    assert "x.zip" in str(told.value), "the sentence names the file"
    return str(told.value)


def with_entry(tmp_path: Path, entry: zipfile.ZipInfo, content: bytes = b"x") -> Path:
    path = archive(tmp_path)
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr(entry, content)
    return path


def patched(path: Path, change: Callable[[bytearray, int], None], name: str = TWEETS) -> Path:
    """The zip file with the entry `name` of its list of entries changed; `change` gets the bytes and where it begins."""
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    while content[at + 46 : at + 46 + len(name)] != name.encode():
        at = content.index(b"PK\x01\x02", at + 1)
    change(content, at)
    path.write_bytes(content)
    return path


def put(content: bytearray, at: int, form: str, value: int) -> None:
    struct.pack_into(form, content, at, value)


def test_a_sound_archive_is_read(tmp_path: Path) -> None:
    """What the tests below change is readable before that."""
    assert len(read_all(archive(tmp_path)).by_id) == 5


@pytest.mark.parametrize(
    "name",
    [
        "../../home/acto/.bashrc",
        "data/../../tweets.js",
        "/etc/passwd",
        "C:\\Windows\\tweets.js",
        "..\\tweets.js",
        "\\\\server\\tweets.js",
        "c:tweets.js",
    ],
)
def test_names_that_lead_out_of_the_folder_are_refused(name: str, tmp_path: Path) -> None:
    """Nothing is unpacked here; but whoever made such a file wants harm, and the volunteer may unpack it next."""
    told = refusal(with_entry(tmp_path, zipfile.ZipInfo(name)))
    assert "a name that leads out of its folder" in told and "download it again from the platform itself" in told


def test_a_name_with_a_hidden_end_is_refused(tmp_path: Path) -> None:
    """data/tweets.js\\0.exe is one name to us and another one to the next program."""
    path = with_entry(tmp_path, zipfile.ZipInfo("data/tweets.js_.exe"))
    path.write_bytes(path.read_bytes().replace(b"tweets.js_.exe", b"tweets.js\0.exe"))
    assert "whose name hides its end" in refusal(path)


def test_a_link_to_another_place_is_refused(tmp_path: Path) -> None:
    """A symbolic link called tweets.js would be read as whatever it points to."""
    entry = zipfile.ZipInfo("data/tweets-part1.js")
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    assert "which only points to another place" in refusal(with_entry(tmp_path, entry, b"/etc/passwd"))


def test_a_file_that_swells_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """150 MB of one letter are 150 kB in a zip file: memory and time stay small."""
    path = zipped(tmp_path / "x.zip", {TWEETS: b"[" + b" " * 150_000_000})
    tracemalloc.start()
    try:
        told = refusal(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "would swell to more than 200 times its size" in told and peak < 5_000_000


def test_a_swelling_file_that_we_do_not_read_does_no_harm(tmp_path: Path) -> None:
    """A film of black frames must not keep a volunteer from importing the posts beside it."""
    path = zipped(tmp_path / "x.zip", {TWEETS: POSTS, "data/film.mp4": b"\0" * 20_000_000})
    assert len(read_all(path).items) == 5


def test_sizes_are_bounded_for_one_file_and_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too large is said in words, with the way out."""
    path = zipped(tmp_path / "x.zip", {TWEETS: POSTS, "data/tweets-part1.js": POSTS})
    monkeypatch.setattr(zip_safely, "LARGEST_IN_ALL", len(POSTS) + 10)
    assert "larger than 2 GB. Unpack it and import them one by one" in refusal(path)
    monkeypatch.setattr(zip_safely, "LARGEST_FILE", len(POSTS) - 1)
    assert "tweets.js in x.zip is larger than 200 MB" in refusal(path)


def test_sizes_that_lie_are_refused(tmp_path: Path) -> None:
    """A file that says it is small, and one that says it is larger than it is: neither is half read."""
    for size in (len(POSTS) - 7, len(POSTS) + 7, 0):
        path = patched(archive(tmp_path), lambda content, at, size=size: put(content, at + 24, "<I", size))  # type: ignore[misc]
        assert re.search(r"tweets.js in x.zip (?:is damaged|has not the size that it says)", refusal(path)), size

    def lie_with_the_right_checksum(content: bytearray, at: int) -> None:
        put(content, at + 24, "<I", len(POSTS) + 7)

    assert "has not the size that it says" in refusal(patched(archive(tmp_path), lie_with_the_right_checksum))


def test_a_wrong_checksum_is_refused_before_anything_lands(tmp_path: Path) -> None:
    """A download that was damaged on its way."""
    path = patched(archive(tmp_path), lambda content, at: put(content, at + 16, "<I", 12345))
    assert "tweets.js in x.zip is damaged. Download the zip file again." in refusal(path)


def test_a_locked_file_is_refused_with_the_way_out(tmp_path: Path) -> None:
    """Somebody put a password on the archive before sending it round."""
    path = patched(archive(tmp_path), lambda content, at: put(content, at + 8, "<H", 1))
    assert "is locked by a password. Unpack the zip file" in refusal(path)
    assert (
        len(read_all(patched(archive(tmp_path), lambda c, at: put(c, at + 8, "<H", 1), "data/media/1.jpg")).items) == 5
    )


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 99])
def test_unusual_ways_of_packing_are_refused(method: int, tmp_path: Path) -> None:
    """Their unpackers can be made to take all memory in one step."""
    path = tmp_path / "x.zip"
    if method == 99:
        patched(archive(tmp_path), lambda content, at: put(content, at + 10, "<H", 99))
    else:
        with zipfile.ZipFile(path, "w", method) as opened:
            opened.writestr(TWEETS, POSTS)
    assert "is packed in an unusual way" in refusal(path)


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of millions of names would fill the memory before anything is read."""
    path = zipped(tmp_path / "x.zip", {TWEETS: POSTS} | {f"data/{number}": b"" for number in range(300)})
    assert len(read_all(path).items) == 5
    monkeypatch.setattr(zip_safely, "MOST_ENTRIES", 300)
    assert "more than 300 files" in refusal(path)
    monkeypatch.setattr(zip_safely, "LARGEST_DIRECTORY", 10_000)
    monkeypatch.setattr(zip_safely, "MOST_ENTRIES", 1_000)
    assert "more than 1,000 files" in refusal(path)


def overlapping(tmp_path: Path, *, quoted: bool) -> Path:
    """The two kinds of bomb that need no ratio: all entries share one kernel, or each file holds the headers of those
    behind it, quoted, before the kernel.
    """
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = kernel.compress(POSTS.encode()) + kernel.flush()
    content = POSTS.encode()
    names = [f"data/tweets-part{number}.js".encode() for number in range(8)]
    local = struct.Struct("<4s5H3I2H")

    def header(name: bytes, packed_size: int, size: int, crc: int) -> bytes:
        return local.pack(b"PK\x03\x04", 20, 0, 8, 0, 0x21, crc, packed_size, size, len(name), 0) + name

    if not quoted:
        names = [TWEETS.encode()] * 8
        body = header(names[0], len(packed), len(content), zlib.crc32(content)) + packed
        listed = [(name, len(packed), len(content), zlib.crc32(content), 0) for name in names]
    else:
        body, plain, sizes = packed, content, []
        for name in reversed(names):
            sizes.append((name, len(body), len(plain), zlib.crc32(plain)))
            front = header(name, len(body), len(plain), zlib.crc32(plain))
            body, plain = (struct.pack("<BHH", 0, len(front), len(front) ^ 0xFFFF) + front + body), front + plain
        body = body[5:]
        listed, at = [], 0
        for name, packed_size, size, crc in reversed(sizes):
            listed.append((name, packed_size, size, crc, at))
            at += 30 + len(name) + 5
    directory = b"".join(
        DIRECTORY.pack(b"PK\x01\x02", 20, 20, 0, 8, 0, 0x21, crc, packed_size, size, len(name), 0, 0, 0, 0, 0, at)
        + name
        for name, packed_size, size, crc, at in listed
    )
    path = tmp_path / "x.zip"
    path.write_bytes(
        body + directory + END.pack(b"PK\x05\x06", 0, 0, len(listed), len(listed), len(directory), len(body), 0)
    )
    return path


@pytest.mark.parametrize("quoted", [False, True], ids=["one kernel for all", "headers quoted"])
def test_files_that_lie_over_one_another_are_refused(quoted: bool, tmp_path: Path) -> None:
    """A few kilobytes become petabytes so, with each file's ratio in bounds."""
    path = overlapping(tmp_path, quoted=quoted)
    with zipfile.ZipFile(path) as opened:
        assert len(opened.infolist()) == 8, "other programs take it for a zip file"
    assert "lie over one another" in refusal(path)


def test_zip_files_within_are_not_opened(tmp_path: Path) -> None:
    """A zip file in a zip file in a zip file … is how 42 kB become 4 PB."""
    inner = archive(tmp_path).read_bytes()
    told = refusal(zipped(tmp_path / "x.zip", {"takeout-001.zip": inner}))
    assert "holds other zip files, which are not opened: unpack it" in told and "an X archive" in told


@pytest.mark.parametrize(
    "broken",
    [
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content[:4],
        lambda content: content.replace(b"PK\x01\x02", b"PK\x01\x03"),
        lambda content: content[:30] + content[60:],
        lambda content: content[:-6] + b"\xff\xff\xff\x7f" + content[-2:],
        lambda content: content[:-10] + b"\xff\xff\xff\xff" + content[-6:],
    ],
    ids=["last byte", "half", "nothing but its mark", "list of files", "bytes missing", "offset", "size of the list"],
)
def test_a_damaged_zip_file_is_refused_in_words(broken: Callable[[bytes], bytes], tmp_path: Path) -> None:
    """A download that broke off: what to do is said, and nothing is half read."""
    path = archive(tmp_path)
    path.write_bytes(broken(path.read_bytes()))
    assert re.search("damaged|more than 100,000 files|lie over one another", refusal(path))


def test_an_empty_zip_file_and_a_spreadsheet_are_refused(tmp_path: Path) -> None:
    """A workbook is a zip file, too; the way out is another one."""
    assert "holds nothing that we know" in refusal(zipped(tmp_path / "x.zip", {}))
    workbook = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}
    assert "Save it as CSV (UTF-8)" in refusal(zipped(tmp_path / "x.zip", workbook))


def test_names_cannot_drive_the_terminal(tmp_path: Path) -> None:
    """Names from outside are printed."""
    wicked = "data\x1b[2J\x07/tweets.js"
    told = refusal(with_entry(tmp_path, zipfile.ZipInfo(f"../{wicked}")))
    told += refusal(patched(zipped(tmp_path / "x.zip", {wicked: POSTS}), lambda c, at: put(c, at + 8, "<H", 1), wicked))
    assert "locked" in told and "\x1b" not in told and "\x07" not in told


def test_what_macos_adds_is_left_alone(tmp_path: Path) -> None:
    """Packed again on a Mac, each file has a shadow of the same name."""
    path = zipped(
        tmp_path / "x.zip", {TWEETS: POSTS, "__MACOSX/data/._tweets.js": b"\0\5\x16\7", "data/._tweets.js": b"\0"}
    )
    read = read_all(path)
    assert (len(read.items), read.gaps) == (5, [])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(at=st.integers(min_value=0), bit=st.integers(0, 7), more=st.binary(max_size=4))
def test_no_changed_byte_ends_in_anything_but_a_sentence(at: int, bit: int, more: bytes, tmp_path: Path) -> None:
    """Whatever is wrong with a zip file, the import says so and goes on with the next file."""
    path = archive(tmp_path)
    content = bytearray(path.read_bytes())
    # The first four bytes say that it is a zip file.
    place = 4 + at % (len(content) - 4)
    content[place] ^= 1 << bit
    content[place:place] = more
    path.write_bytes(content)
    try:
        read = read_all(path)
    except Refused as error:
        assert "x.zip" in str(error) and str(error).endswith(".")
        return
    assert len(read.items) == 5, "what is read is read whole"


def test_names_are_listed_once_and_without_folders() -> None:
    """Folders are entries, too."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as opened:
        opened.mkdir("data")
        opened.writestr("data\\a.js", "x")
        opened.writestr("b.json", json.dumps([]))
    with open_zip(held, "x.zip") as safe:
        assert safe.names == ["data/a.js", "b.json"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    """Only one of them would be read, and nobody would know what stood in the other."""
    path = with_entry(tmp_path, zipfile.ZipInfo(TWEETS), POSTS.encode())
    assert f"{TWEETS!r} more than once" in refusal(path)
