"""What a web server sent, from its log."""

import re

LINE = re.compile(r'\S+ \S+ \S+ \[[^\]]+\] "\S+ (\S+) [^"]*" 2[0-9][0-9] ([0-9]+)')


def bytes_by_path(log: str) -> dict[str, int]:
    """The bytes that were sent for each path, by requests that succeeded."""
    sent: dict[str, int] = {}
    for line in log.split("\n"):
        match = LINE.match(line)
        if match:
            path, size = match.groups()
            sent[path] = sent.get(path, 0) + int(size)
    return sent


def lines(n: int) -> str:
    """A log of so many lines."""
    return "\n".join(
        f"203.0.113.{i % 251} - - [28/Nov/2026:10:{i // 60 % 60:02}:{i % 60:02} +0000] "
        f'"GET /articles/{i * i % 97}.html HTTP/1.1" {404 if i % 7 == 0 else 200} {i * 37 % 9001} "-" "curl/8.5"'
        for i in range(n)
    )
