"""Every array comes from an allocator that counts what comes back (behaviour.md §18.13)."""

import ctypes
from typing import Any, Final

_CALLS: Final = 20_000


def test_an_array_that_is_kept_is_counted_until_it_comes_back(standin: Any, api: Any, raw: Any) -> None:
    total = raw.i32()
    array = api.call(97, ctypes.byref(total), kinds=(raw.ptr,), result=raw.ptr)
    kept = (standin.count("live_blocks"), standin.count("live_bytes"))

    api.call(3, array, kinds=(raw.ptr,), result=None)

    assert (kept, standin.count("live_blocks")) == ((1, 50 * 1120), 0)


def test_a_foreign_pointer_and_null_are_harmless_and_the_first_is_counted(standin: Any, api: Any, raw: Any) -> None:
    own = raw.user()
    api.call(3, ctypes.addressof(own), kinds=(raw.ptr,), result=None)
    api.call(3, None, kinds=(raw.ptr,), result=None)

    assert standin.count("foreign_frees") == 1


def test_a_second_memfree_of_one_block_is_counted(library: Any, make: Any, standin: Any, raw: Any) -> None:
    api = make().on_line()
    total = raw.i32()
    array = api.call(97, ctypes.byref(total), kinds=(raw.ptr,), result=raw.ptr)

    for _ in range(2):
        api.call(3, array, kinds=(raw.ptr,), result=None)

    assert standin.count("double_frees") == 1
    library.run("reset")  # the fixture looks for double frees that nobody meant


def test_a_block_that_came_back_no_longer_holds_what_it_held(api: Any, raw: Any) -> None:
    total = raw.i32()
    array = api.call(97, ctypes.byref(total), kinds=(raw.ptr,), result=raw.ptr)

    api.call(3, array, kinds=(raw.ptr,), result=None)

    assert ctypes.string_at(array, 1120) == b"\xdd" * 1120


def test_arrays_may_be_freed_through_another_object(make: Any, api: Any, standin: Any, raw: Any) -> None:
    total = raw.i32()
    array = api.call(97, ctypes.byref(total), kinds=(raw.ptr,), result=raw.ptr)

    make().call(3, array, kinds=(raw.ptr,), result=None)

    assert (standin.count("live_blocks"), standin.count("foreign_frees")) == (0, 0)


def test_thousands_of_mixed_calls_leave_nothing_behind(standin: Any, api: Any) -> None:
    for number in range(_CALLS // 4):
        api.rows(106, 224)
        api.history(1001 + number % 50)
        api.records(1001 + number % 50)
        api.rows(93, 13696)

    assert standin.count("allocated") == standin.count("freed") == _CALLS
    assert standin.count("peak_bytes") <= 50 * 1120


def test_a_deleted_object_ends_its_pump(standin: Any, make: Any, raw: Any) -> None:
    api = make().on_line()
    api.pump(lambda *_: None)
    raw.until(lambda: standin.count("pump_threads") == 1)

    api.call(2)
    api._this = 0

    assert (standin.count("pump_threads"), standin.count("objects")) == (0, 0)
