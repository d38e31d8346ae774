"""Health checks written with curl or wget that Kubernetes can make itself, without a program in the image.

A test is taken over only if the answer is bound to be the same: an unconditional GET (or HEAD) of one URL of the
container itself, whose failure by HTTP status fails the test. Anything else stays a command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})

_CURL_SILENT = frozenset(
    {"-s", "-S", "-L", "-i", "-v", "--silent", "--show-error", "--location", "--include", "--verbose"}
)
_CURL_FAIL = frozenset({"-f", "--fail", "--fail-with-body"})
_CURL_OUTPUT = frozenset({"-o", "--output"})
_CURL_TIMES = frozenset({"-m", "--max-time", "--connect-timeout"})
_WGET_SILENT = frozenset({"-q", "-nv", "-S", "--quiet", "--no-verbose", "--server-response", "--spider"})
_WGET_OUTPUT = frozenset({"-O", "--output-document"})
_WGET_TIMES = frozenset({"-T", "--timeout"})
_WGET_TRIES = frozenset({"-t", "--tries"})
_INSECURE = frozenset({"-k", "--insecure", "--no-check-certificate"})
_SINKS = frozenset({"/dev/null", "-"})
_ENDINGS = ("|| exit 1", "|| false", "||exit 1")
_REDIRECTIONS = (">/dev/null 2>&1", "> /dev/null 2>&1", "2>&1 >/dev/null", "&>/dev/null", "&> /dev/null")
_SILENCERS = (*_REDIRECTIONS, ">/dev/null", "> /dev/null", "2>/dev/null", "2> /dev/null", "2>&1")
_ODD = frozenset("@#{}")
"""Characters with which a URL is more than a host, a port and a path; curl makes several of braces and brackets."""
_SHELL = frozenset("$`\\|&;<>()*?{}~#!\n")


@record
class HttpTest:
    """A GET of the container's own `port`. `host` is the name asked for; `seconds` a time limit of the program's own.

    `idle` are the positions of words that make no difference to the answer.
    """

    scheme: str
    host: str
    port: int
    path: str
    seconds: float | None = None
    idle: tuple[int, ...] = ()


def http_test(test: Sequence[str]) -> HttpTest | None:
    """Read a healthcheck's `test`; None where it must stay a command."""
    words = _shell_words(test[1]) if test[0] == "CMD-SHELL" and len(test) == 2 else list(test[1:])
    if not words:
        return None
    program = words[0].rpartition("/")[2]
    if program == "curl":
        return _request(words, _curl(words))
    return _request(words, _wget(words)) if program == "wget" else None


def _shell_words(text: str) -> list[str]:
    """The words of a plain command; empty where the shell would do more than split it."""
    text = text.strip()
    for ending in _ENDINGS:
        text = text.removesuffix(ending).rstrip()
    for ending in _SILENCERS:
        text = text.removesuffix(ending).rstrip()
    words, quote = [""], ""
    for character in text:
        if character == quote:
            quote = ""
        elif quote and not (quote == '"' and character in "$`\\"):
            words[-1] += character
        elif not quote and character in "'\"":
            quote = character
        elif character in " \t" and not quote:
            words.append("")
        elif character in _SHELL or quote:
            return []
        else:
            words[-1] += character
    return [] if quote else [word for word in words if word]


@record
class _Reading:
    """What a program's options come to."""

    urls: tuple[str, ...]
    fails: bool
    insecure: bool
    seconds: float | None
    idle: tuple[int, ...]


def _curl(words: Sequence[str]) -> _Reading | None:
    options = _Options(_CURL_SILENT, _CURL_FAIL, _CURL_OUTPUT, _CURL_TIMES, frozenset())
    return _read(_spread(words, "fsSLkiv", "om"), options)


def _wget(words: Sequence[str]) -> _Reading | None:
    options = _Options(_WGET_SILENT, frozenset(), _WGET_OUTPUT, _WGET_TIMES, _WGET_TRIES)
    return _read(_spread(words, "qS", "OTt"), options)


class _Options:
    """Which options a program has, by what they mean to a test."""

    def __init__(
        self,
        silent: frozenset[str],
        fail: frozenset[str],
        output: frozenset[str],
        times: frozenset[str],
        tries: frozenset[str],
    ) -> None:
        self.silent, self.fail, self.output, self.times, self.tries = silent, fail, output, times, tries
        self.always_fails = not fail


def _spread(words: Sequence[str], flags: str, valued: str) -> list[tuple[int, str]]:
    """The arguments with their positions, one meaning each: `-fsS` is `-f -s -S`, `-qO-` is `-q -O -`."""
    made: list[tuple[int, str]] = []
    for index, word in enumerate(words[1:], 1):
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            made.extend([(index, name), (index, value)] if equals else [(index, word)])
        elif word.startswith("-") and word != "-nv":
            made.extend((index, part) for part in _letters(word[1:], flags, valued))
        else:
            made.append((index, word))
    return made


def _letters(letters: str, flags: str, valued: str) -> list[str]:
    """What short options run together mean; whole again where a letter is unknown."""
    parts: list[str] = []
    for position, letter in enumerate(letters):
        parts.append(f"-{letter}")
        if letter in valued:
            rest = letters[position + 1 :]
            return [*parts, rest] if rest else parts
        if letter not in flags:
            return [f"-{letters}"]
    return parts or ["-"]


def _read(words: list[tuple[int, str]], options: _Options) -> _Reading | None:
    urls: list[str] = []
    seconds: list[float] = []
    idle: list[int] = []
    fails = insecure = False
    position = 0
    while position < len(words):
        index, word = words[position]
        value = words[position + 1][1] if position + 1 < len(words) else ""
        position += 1
        if not word.startswith("-"):
            urls.append(word)
        elif word in options.fail:
            fails = True
        elif word in _INSECURE:
            insecure = True
        elif word in options.silent:
            idle.append(index)
        elif _takes(word, value, options):
            idle.extend((index, words[position][0]) if word not in options.times else ())
            seconds.extend([float(value)] if word in options.times else [])
            position += 1
        else:
            return None
    return _Reading(
        urls=tuple(urls),
        fails=fails or options.always_fails,
        insecure=insecure,
        seconds=min(seconds, default=None),
        idle=tuple(idle),
    )


def _takes(word: str, value: str, options: _Options) -> bool:
    """Whether an option with its value leaves the test a single GET."""
    if word in options.output:
        return value in _SINKS
    if word in options.tries:
        return value == "1"
    return word in options.times and value.replace(".", "", 1).isdigit() and value.isascii()


def _request(words: Sequence[str], reading: _Reading | None) -> HttpTest | None:
    if reading is None or not reading.fails or len(reading.urls) != 1:
        return None
    scheme, separator, rest = reading.urls[0].partition("://")
    if not separator:
        scheme, rest = "http", reading.urls[0]
    if scheme not in {"http", "https"} or (scheme == "https") != reading.insecure or _ODD & set(rest):
        return None
    address, slash, path = rest.partition("/")
    if "[" in path:
        return None
    host, port = _address(address, {"http": 80, "https": 443}[scheme])
    if host not in LOCAL or port is None:
        return None
    whole = {index for index in reading.idle if _only_idle(words[index])}
    return HttpTest(
        scheme=scheme.upper(),
        host=address,
        port=port,
        path=slash + path,
        seconds=reading.seconds,
        idle=tuple(sorted(whole)),
    )


def _only_idle(word: str) -> bool:
    """Whether none of a word's letters is one that counts, as the f in -fsS does."""
    return word.startswith("--") or not word.startswith("-") or not set("fk") & set(word)


def _address(address: str, default: int) -> tuple[str, int | None]:
    if address.endswith("]"):
        return address, default
    host, colon, port = address.rpartition(":")
    if not colon:
        return address, default
    return host, int(port) if port.isascii() and port.isdigit() and 0 < int(port) < 65536 else None


def headers(test: HttpTest) -> list[Mapping[str, str]]:
    """The Host header the program would send: without it Kubernetes asks for the Pod's address."""
    return [{"name": "Host", "value": test.host}]
