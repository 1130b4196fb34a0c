"""Whatever a file, the environment or an option holds: settings, or a ConfigError, and nothing else."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from kernel.config import ConfigError, fill, load, shown
from kernel.config import toml as writing
from kernel.config.sections import SECTION_OF, TOP

NAMES = st.sampled_from([*TOP, *SECTION_OF, "simulator", "limits", "SERVER", "Port", "", "a b"]) | st.text(max_size=8)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.datetimes()
    | st.dates()
    | st.times()
)
VALUES = st.recursive(
    SCALARS.filter(lambda value: value is not None),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
FRAGMENTS = st.lists(
    st.sampled_from(["[", "]", "[[", "]]", "=", "\n", '"', "'''", "{", "}", ",", ".", "#", "\\", "\r", "\x00", "é"])
    | NAMES
    | st.sampled_from(["1", "true", "nan", "1e999", "2026-02-30", "0x", '"x"']),
    max_size=40,
).map("".join)
LENIENT = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Any(Struct, frozen=True):
    largest: int = 0
    names: list[str] = []
    inner: "Any | None" = None


def check_that_it_loads_or_is_refused(path: Path | None, environ: dict[str, str], overrides: dict[str, object]) -> bool:
    """Use everything that can be used; any other exception fails the test."""
    try:
        loaded = load(path, environ, overrides)
        shown(loaded, origin=True)
        fill(loaded, ("plugins", "limits"), Any)
    except ConfigError as error:
        problems = error.problems
        text = str(error)
    else:
        return True
    assert problems
    assert len(text.splitlines()) == len(problems)
    return False


@LENIENT
@given(content=st.binary(max_size=200) | FRAGMENTS.map(str.encode))
@example(content=b"[plugins.limits]\ninner = {inner={inner={inner={largest='x'}}}}")
def test_a_file_of_garbage_gives_settings_or_a_config_error(content: bytes, folder: Path) -> None:
    path = folder / "garbage.toml"
    path.write_bytes(content)

    check_that_it_loads_or_is_refused(path, {}, {})


@LENIENT
@given(document=st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES, max_size=4) | VALUES, max_size=4))
def test_a_valid_file_of_random_values_gives_settings_or_a_config_error(
    document: dict[str, object], folder: Path
) -> None:
    path = folder / "random.toml"
    path.write_text("".join(f"{writing.key(name)} = {writing.value(item)}\n" for name, item in document.items()))

    check_that_it_loads_or_is_refused(path, {}, {})


@LENIENT
@given(
    environ=st.dictionaries(
        st.lists(NAMES, min_size=1, max_size=4).map(lambda steps: "MT4API_" + "__".join(steps)),
        FRAGMENTS | SCALARS.map(str),
        max_size=5,
    ),
    overrides=st.dictionaries(st.lists(NAMES, min_size=1, max_size=4).map(".".join), SCALARS | VALUES, max_size=4),
)
def test_random_variables_and_options_give_settings_or_a_config_error(
    environ: dict[str, str], overrides: dict[str, object]
) -> None:
    environ.pop("MT4API_CONFIG", None)

    check_that_it_loads_or_is_refused(None, environ, overrides)


@pytest.mark.parametrize("levels", [10, 31, 33, 2000])
def test_depth_is_bounded_before_anything_recurses(folder: Path, levels: int) -> None:
    path = folder / "deep.toml"
    path.write_text("[plugins.limits]\n" + ".".join(["inner"] * levels) + " = {}\n")

    assert check_that_it_loads_or_is_refused(path, {}, {}) is (levels < 30)


def test_a_variable_or_option_that_goes_too_deep_is_refused() -> None:
    deep = ["plugins", "limits", *["inner"] * 2000]

    assert not check_that_it_loads_or_is_refused(None, {"MT4API_" + "__".join(deep): "1"}, {})
    assert not check_that_it_loads_or_is_refused(None, {}, {".".join(deep): "1"})
