"""Downloads, against a real server on loopback that cuts, lies and redirects."""

from __future__ import annotations

import hashlib
import shutil
import socket
import ssl
import subprocess
from datetime import date

import pytest

from lifecluster.errors import LifeclusterError
from lifecluster.sources import connect
from lifecluster.sources.connect import addresses, is_public
from lifecluster.sources.fetch import fetch
from lifecluster.sources.registry import sources
from lifecluster.sources.spec import Download
from tests.sources.kit import spec
from tests.sources.server import Site, serve

AT = date(2026, 1, 15)


@pytest.fixture
def site():
    with serve(Site()) as running:
        yield running


def plan(site, *, path="/data.csv", file="data.csv", max_bytes=1_000_000, sha256=None, hosts=None):
    """A source that downloads from the server; source.yml itself could never name a plain-http address."""
    download = Download.model_construct(url=f"http://{site.host}{path}", file=file, max_bytes=max_bytes, sha256=sha256)
    return spec().model_copy(update={"downloads": (download,), "hosts": hosts or (site.host,)})


def get(site, tmp_path, **changes):
    return fetch(plan(site, **changes), tmp_path, at=AT, allow=frozenset({site.host}))


def test_a_file_is_downloaded_whole_with_its_checksum_and_progress(site, tmp_path):
    seen = []
    digest = hashlib.sha256(site.body).hexdigest()
    got = fetch(
        plan(site, sha256=digest),
        tmp_path / "new",
        at=AT,
        allow=frozenset({site.host}),
        progress=lambda *step: seen.append(step),
    )[0]
    assert got.path.read_bytes() == site.body
    assert (got.bytes, got.sha256, got.resumed, got.unchanged) == (len(site.body), digest, False, False)
    assert seen[-1] == ("data.csv", len(site.body), len(site.body))
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == ["data.csv"]


def test_an_unchanged_file_is_not_sent_again(site, tmp_path):
    get(site, tmp_path)
    again = get(site, tmp_path)[0]
    assert again.unchanged and again.bytes == len(site.body)
    site.modified, site.body = "Thu, 22 Oct 2020 07:28:00 GMT", b"new\n"
    assert get(site, tmp_path)[0].path.read_bytes() == b"new\n"


@pytest.mark.parametrize("etag", ['"one"', ""])
def test_a_cut_connection_keeps_the_part_and_goes_on_from_there(site, tmp_path, etag):
    site.etag, site.cut_at = etag, 5_000
    with pytest.raises(LifeclusterError, match=r"run it again to go on from there"):
        get(site, tmp_path)
    assert (tmp_path / "data.csv.part").stat().st_size == 5_000
    assert not (tmp_path / "data.csv").exists()
    site.cut_at = None
    got = get(site, tmp_path)[0]
    assert got.resumed and got.path.read_bytes() == site.body
    assert site.asked[-1][1]["range"] == "bytes=5000-"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data.csv"]


def test_an_older_file_stays_until_the_new_one_is_whole(site, tmp_path):
    (tmp_path / "data.csv").write_bytes(b"old")
    site.cut_at = 10
    with pytest.raises(LifeclusterError):
        get(site, tmp_path)
    assert (tmp_path / "data.csv").read_bytes() == b"old"


def test_a_file_that_changed_meanwhile_is_begun_anew(site, tmp_path):
    site.cut_at = 5_000
    with pytest.raises(LifeclusterError):
        get(site, tmp_path)
    site.cut_at, site.etag, site.modified = None, '"two"', "Thu, 22 Oct 2020 07:28:00 GMT"
    site.body = b"other\n" * 3000
    got = get(site, tmp_path)[0]
    assert not got.resumed and got.path.read_bytes() == site.body


def test_without_etag_and_date_nothing_is_continued(site, tmp_path):
    site.cut_at, site.etag, site.modified = 5_000, "", ""
    with pytest.raises(LifeclusterError):
        get(site, tmp_path)
    site.cut_at = None
    assert not get(site, tmp_path)[0].resumed
    assert "range" not in site.asked[-1][1]


def test_a_wrong_part_is_refused(site, tmp_path):
    site.cut_at = 5_000
    with pytest.raises(LifeclusterError):
        get(site, tmp_path)
    site.cut_at, site.wrong_range = None, True
    with pytest.raises(LifeclusterError, match="another part than was asked for"):
        get(site, tmp_path)


def test_a_length_that_lies_is_noticed(site, tmp_path):
    site.length = len(site.body) + 10
    with pytest.raises(LifeclusterError, match=r"14,010|interrupted"):
        get(site, tmp_path)
    assert not (tmp_path / "data.csv").exists()


@pytest.mark.parametrize("no_length", [False, True])
def test_a_file_over_the_cap_is_thrown_away(site, tmp_path, no_length):
    site.no_length = no_length
    with pytest.raises(LifeclusterError, match=r"more than the 1,000"):
        get(site, tmp_path, max_bytes=1_000)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_checksum_is_thrown_away(site, tmp_path):
    with pytest.raises(LifeclusterError, match="the checksum is"):
        get(site, tmp_path, sha256="0" * 64)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_answer_is_refused(site, tmp_path):
    site.body = b""
    with pytest.raises(LifeclusterError, match="an empty file"):
        get(site, tmp_path)


def test_redirects_are_followed_within_the_hosts_only(site, tmp_path):
    site.redirect = "/moved"
    assert get(site, tmp_path)[0].bytes == len(site.body)
    (tmp_path / "data.csv").unlink()
    for target in ("https://elsewhere.example.org/x", "http://169.254.169.254/latest", "file:///etc/passwd"):
        site.redirect = target
        with pytest.raises(LifeclusterError, match="none of the hosts of this source"):
            get(site, tmp_path)
    site.redirect = "/again"
    with pytest.raises(LifeclusterError, match="more than 5 redirects"):
        get(site, tmp_path)


@pytest.mark.parametrize("status", [403, 500, 503])
def test_refusals_of_the_server_are_named(site, tmp_path, status):
    site.status = status
    with pytest.raises(LifeclusterError, match=rf"data\.csv: the server answered HTTP {status}"):
        get(site, tmp_path)


def test_the_newest_month_that_there_is(site, tmp_path):
    site.missing = ("/2026-01.csv", "/2025-12.csv")
    got = get(site, tmp_path, path="/{yyyy}-{mm}.csv", file="x-{yyyy}-{mm}.csv")[0]
    assert got.path.name == "x-2025-11.csv"
    site.missing = tuple(f"/{m}.csv" for m in ("2026-01", "2025-12", "2025-11", "2025-10"))
    with pytest.raises(LifeclusterError, match="there is no such file"):
        get(site, tmp_path, path="/{yyyy}-{mm}.csv", file="x-{yyyy}-{mm}.csv")
    site.missing = ("/2026.csv",)
    assert get(site, tmp_path, path="/{yyyy}.csv", file="y-{yyyy}.csv")[0].path.name == "y-2025.csv"


def test_private_addresses_and_plain_http_are_refused_unless_allowed(site, tmp_path):
    with pytest.raises(LifeclusterError, match="only https is used"):
        fetch(plan(site), tmp_path, at=AT)
    secret = spec(hosts=["localhost"], downloads=[{"url": "https://localhost/x", "file": "x", "max_bytes": 9}])
    with pytest.raises(LifeclusterError, match=r"localhost leads to .*, an address that is not public: refused"):
        fetch(secret, tmp_path, at=AT)
    assert site.asked == []


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "172.16.0.1",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fc00::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
        "255.255.255.255",
        "ff02::1",
    ],
)
def test_addresses_that_are_not_public(number):
    assert not is_public(number)


@pytest.mark.parametrize("number", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_addresses_that_are_public(number):
    assert is_public(number)


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    answer = [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(connect.socket, "getaddrinfo", lambda *a, **k: answer)
    with pytest.raises(LifeclusterError, match=r"leads to 10\.0\.0\.1"):
        addresses("example.org", 443)
    assert addresses("example.org", 443, allow=frozenset({"example.org"})) == ["8.8.8.8", "10.0.0.1"]


def test_an_unknown_name_asks_for_the_network(monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(connect.socket, "getaddrinfo", fail)
    with pytest.raises(LifeclusterError, match="is there a network"):
        addresses("example.org", 443)


def test_a_server_that_is_gone_is_named(site, tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{unused.getsockname()[1]}"
    download = Download.model_construct(url=f"http://{host}/x.csv", file="x.csv", max_bytes=9, sha256=None)
    gone = spec().model_copy(update={"downloads": (download,), "hosts": (host,)})
    with pytest.raises(LifeclusterError, match=r"x\.csv: cannot be reached"):
        fetch(gone, tmp_path, at=AT, allow=frozenset({host}))


@pytest.fixture
def certificate(tmp_path):
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("needs the program openssl to make a certificate that nobody trusts")
    key, made = tmp_path / "key.pem", tmp_path / "made.pem"
    asked = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([program, *asked, "-keyout", key, "-out", made], check=True, capture_output=True)
    return key, made


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate, tmp_path):
    key, made = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    with serve(Site(), tls=context) as site:
        host = site.host.replace("127.0.0.1", "localhost")
        download = Download.model_construct(url=f"https://{host}/x.csv", file="x.csv", max_bytes=99, sha256=None)
        secure = spec().model_copy(update={"downloads": (download,), "hosts": (host,)})
        with pytest.raises(LifeclusterError, match=r"cannot be reached .*CERTIFICATE_VERIFY_FAILED"):
            fetch(secure, tmp_path, at=AT, allow=frozenset({host}))
        assert site.asked == []


@pytest.mark.parametrize("file", ["../x.csv", "a/b.csv", ".hidden"])
def test_files_stay_in_their_folder(site, tmp_path, file):
    with pytest.raises(LifeclusterError, match="is no file name"):
        get(site, tmp_path, file=file)


def test_addresses_with_a_user_name_are_refused(site, tmp_path):
    download = Download.model_construct(url=f"http://me@{site.host}/x", file="x", max_bytes=9, sha256=None)
    named = spec().model_copy(update={"downloads": (download,), "hosts": ("127.0.0.1",)})
    with pytest.raises(LifeclusterError, match="a user name is refused"):
        fetch(named, tmp_path, at=AT, allow=frozenset({site.host, "127.0.0.1"}))


def test_a_source_without_download_says_where_to_get_it(tmp_path):
    with pytest.raises(LifeclusterError, match=r"get it by hand from https://gtr\.ukri\.org/"):
        fetch(sources()["gateway-to-research"].spec, tmp_path, at=AT)


def test_an_opener_of_ones_own_is_used_and_still_held_to_the_hosts(tmp_path):
    class Canned:
        status = 200
        headers = {"content-length": "4"}  # noqa: RUF012  # a stand-in for one answer

        def __init__(self) -> None:
            self._left = [b"abcd", b""]

        def read(self, size: int) -> bytes:
            return self._left.pop(0)

        def close(self) -> None:
            pass

    asked = []

    def opener(url, headers):
        asked.append(url)
        return Canned()

    got = fetch(sources()["nhs-trusts"].spec, tmp_path, at=AT, opener=opener)[0]
    assert got.path.name == "etr-2026-01.csv" and got.path.read_bytes() == b"abcd"
    assert asked == ["https://www.odsdatasearchandexport.nhs.uk/api/getReport?report=etr"]


def test_every_address_of_every_source_is_https_on_a_named_host():
    for source in sources().values():
        for download in source.spec.downloads:
            assert download.url.startswith("https://") and download.max_bytes > 0
