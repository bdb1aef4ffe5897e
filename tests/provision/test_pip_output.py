"""pip's lines become progress that never falls."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.provision.pip_output import BuildOutput, PipOutput, WheelsOutput

LINES = st.one_of(
    st.text(max_size=40),
    st.builds("Progress {} of {}".format, st.integers(0, 10**9), st.integers(0, 10**9)),
    st.builds("  [{}/{}] /usr/bin/g++ -c".format, st.integers(0, 300), st.integers(0, 300)),
    st.builds("[ {}%] Building".format, st.integers(0, 100)),
    st.builds("Collecting {}".format, st.sampled_from(["numpy", "onnx>=1.16", "jinja2"])),
    st.just("Installing collected packages: numpy"),
)


@given(st.lists(LINES), st.booleans())
def test_the_fraction_never_falls_and_stays_in_0_to_1(lines: list[str], build: bool) -> None:
    reader: PipOutput = BuildOutput() if build else WheelsOutput(1000, 3)
    before = 0.0
    for line in lines:
        reader.feed(line)
        assert before <= reader.fraction <= 1.0
        before = reader.fraction


def test_ninja_counts_the_build() -> None:
    reader = BuildOutput()
    reader.feed("Progress 76589250 of 76589250")
    assert reader.fraction == 0.05
    reader.feed("  [97/194] /usr/bin/g++ -DGGML_BUILD -o ggml.o")
    assert reader.text == ("编译 llama.cpp 97/194", "compiling llama.cpp 97/194")
    assert round(reader.fraction, 3) == round(0.05 + 0.93 / 2, 3)


def test_make_counts_the_build_too() -> None:
    reader = BuildOutput()
    reader.feed("  [ 50%] Building CXX object ggml/src/ggml.cpp.o")
    assert reader.text.en == "compiling llama.cpp 50%"


def test_bytes_are_counted_over_files() -> None:
    reader = WheelsOutput(4000, 100)
    for line in (
        "Collecting numpy>=1.26",
        "Progress 0 of 2000",
        "Progress 1500 of 2000",
        "Progress 2000 of 2000",
        "Collecting onnx",
        "Progress 500 of 2000",
    ):
        reader.feed(line)
    assert reader.bytes_done == 2500
    assert reader.text == ("下载 onnx", "fetching onnx")


def test_a_directory_as_mirror_shows_names() -> None:
    reader = WheelsOutput(10**9, 2)
    reader.feed("Processing /mirror/sherpa_onnx-2.0.1-cp311-cp311-linux_x86_64.whl")
    assert reader.text.en == "fetching sherpa_onnx"
    assert 0.4 < reader.fraction < 0.5
