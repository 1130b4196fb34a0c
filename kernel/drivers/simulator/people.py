"""Believable clients, every text of whom a server's code page can hold."""

import unicodedata
from functools import lru_cache
from random import Random
from typing import Final

from msgspec import Struct, structs

from kernel.drivers.simulator.names import COUNTRIES, Country
from kernel.records.money import COMMENT_BYTES

_SOURCES: Final = ("web", "google", "partner", "seminar", "app", "")
_REMARK_BYTES: Final = 63
_STATUSES: Final = ("RE", "RE", "RE", "NR", "VIP", "")
_COMMON: Final = 8
"""One client in so many is British, wherever the server stands."""


class Person(Struct, frozen=True, kw_only=True, gc=False):
    """A client as an account names one; the last two comment what is paid in and out."""

    name: str
    email: str
    phone: str
    country: str
    city: str
    state: str
    zipcode: str
    address: str
    lead_source: str
    comment: str
    id: str
    status: str
    paid_in: str
    paid_out: str


class _Place(Struct, frozen=True, kw_only=True):
    """A country's lists, split."""

    country: Country
    couples: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    streets: tuple[str, ...]
    remarks: tuple[str, ...]
    paid_in: tuple[str, ...]
    paid_out: tuple[str, ...]


class People:
    """Makes clients from the countries whose letters a code page has.

    Raises ``ValueError`` for a code page that is not known. Where none of the countries' letters can
    be written, everyone is British.
    """

    def __init__(self, code_page: str) -> None:
        try:
            "".encode(code_page)
        except LookupError as error:
            raise ValueError(f"code page {code_page!r} is not known") from error
        fitting = [_place(country) for country in COUNTRIES if _fits(country, code_page)]
        plain = [place for place in fitting if place.country.name == "United Kingdom"]
        self._plain, self._local = plain, [place for place in fitting if place not in plain] or plain

    def one(self, random: Random, number: int) -> Person:
        """Make a client; ``number`` keeps the e-mail address apart from others'."""
        choice = random.choice
        place = choice(self._plain if random.random() * _COMMON < 1 else self._local)
        given, families = choice(place.couples)
        first, last = choice(given), choice(families)
        city, state, zipcode = choice(place.country.cities)
        return Person(
            name=f"{first} {last}",
            email=f"{_plain_letters(last)}.{number}@example.{place.country.domain}",
            phone=f"{place.country.dial} {random.randrange(1000000, 10000000)}",
            country=place.country.name,
            city=city,
            state=state,
            zipcode=_digits(zipcode, random),
            address=f"{choice(place.streets)} {random.randrange(1, 180)}",
            lead_source=choice(_SOURCES),
            comment=choice(place.remarks) if random.random() < 0.5 else "",  # noqa: PLR2004 - every other one
            id=f"{place.country.domain[-2:].upper()}{random.randrange(10**7, 10**8)}",
            status=choice(_STATUSES),
            paid_in=choice(place.paid_in),
            paid_out=choice(place.paid_out),
        )


def _fits(country: Country, code_page: str) -> bool:
    """Whether all of the country's texts can be written, each within the bytes that MT4 has for it."""
    places = [part for city in country.cities for part in city]
    payments = [*country.paid_in.split("|"), *country.paid_out.split("|")]
    try:
        str(structs.astuple(country)).encode(code_page)
        short = all(len(text.encode(code_page)) <= COMMENT_BYTES for text in (*places, *payments))
        return short and all(len(text.encode(code_page)) <= _REMARK_BYTES for text in country.remarks.split("|"))
    except UnicodeEncodeError:
        return False


def _place(country: Country) -> _Place:
    men, women = tuple(country.men.split("|")), tuple(country.women.split("|"))
    families = [tuple(names.split("|")) for names in country.families]
    return _Place(
        country=country,
        couples=((men, families[0]), (women, families[-1])),
        streets=tuple(country.streets.split("|")),
        remarks=tuple(country.remarks.split("|")),
        paid_in=tuple(country.paid_in.split("|")),
        paid_out=tuple(country.paid_out.split("|")),
    )


@lru_cache(maxsize=256)
def _plain_letters(name: str) -> str:
    """Give the part of a name that an e-mail address can hold."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return "".join(letter for letter in plain.lower() if letter.isalpha()) or "client"


def _digits(pattern: str, random: Random) -> str:
    return "".join(str(random.randrange(10)) if letter == "#" else letter for letter in pattern)
