"""Sets of organisations as whole numbers: bit n is organisation number n. Python's integers do the rest, quickly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def of(numbers: Iterable[int], size: int) -> int:
    """The set of `numbers`, all below `size`."""
    packed = bytearray((size >> 3) + 1)
    for number in numbers:
        packed[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(packed, "little")


def members(bits: int) -> Iterator[int]:
    """The numbers in a set, rising."""
    for at, byte in enumerate(pack(bits)):
        if byte:
            start = at << 3
            for offset in _OFFSETS[byte]:
                yield start + offset


_OFFSETS = tuple(tuple(i for i in range(8) if byte >> i & 1) for byte in range(256))


def flags(bits: int, size: int) -> bytes:
    """A set as a byte for each of `size` organisations: 1 for those in it."""
    return f"{bits:0{size}b}".encode().translate(_DIGITS)[::-1]


_DIGITS = bytes.maketrans(b"01", b"\0\1")


def pack(bits: int) -> bytes:
    """A set as bytes: organisation n is bit n % 8 of byte n // 8."""
    return bits.to_bytes((bits.bit_length() + 7) >> 3, "little")
