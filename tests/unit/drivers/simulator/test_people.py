"""Clients' texts in the letters of the server's code page."""

from random import Random

import msgspec
import pytest

from kernel.drivers.simulator.people import People, Person

_WHO = {"name": 127, "email": 47, "phone": 31, "country": 31, "city": 31, "state": 31, "zipcode": 15, "address": 95}
LIMITS = _WHO | {"lead_source": 31, "comment": 63, "id": 31, "status": 15, "paid_in": 31, "paid_out": 31}


def some(code_page: str, count: int = 400) -> list[Person]:
    people, random = People(code_page), Random(7)  # noqa: S311 - people, no secrets
    return [people.one(random, number) for number in range(count)]


@pytest.mark.parametrize("code_page", ["cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp932", "cp437", "utf-8"])
def test_every_text_fits_the_code_page_and_its_bytes_and_most_names_are_local(code_page: str) -> None:
    people = some(code_page)

    assert set(LIMITS) == set(Person.__struct_fields__)
    for person in people:
        for name, text in msgspec.structs.asdict(person).items():
            assert len(text.encode(code_page)) <= LIMITS[name], (name, text)
    assert sum(not person.name.isascii() for person in people) > len(people) / 3
    assert any(not person.paid_in.isascii() for person in people)
    assert any(not person.city.isascii() for person in people)


def test_where_no_other_letters_can_be_written_everyone_is_british() -> None:
    assert {person.country for person in some("ascii")} == {"United Kingdom"}


def test_addresses_of_mail_are_plain_and_differ() -> None:
    mails = [person.email for person in some("utf-8")]

    assert all(mail.isascii() for mail in mails)
    assert len(set(mails)) == len(mails)


def test_an_unknown_code_page_is_named() -> None:
    with pytest.raises(ValueError, match="code page 'cp0' is not known"):
        People("cp0")
