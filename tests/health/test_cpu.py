"""Which instructions a machine has, by its /proc/cpuinfo."""

from appliance.health import cpu


def write(root, text):
    (root / "proc").mkdir()
    (root / "proc/cpuinfo").write_text(text)
    return root


def test_what_compilers_use_is_told_and_nothing_else(tmp_path):
    flags = "flags\t\t: fpu sse4_2 avx2 amx_tile ibrs md_clear\n"
    assert cpu.features(write(tmp_path, flags)) == {"sse4_2", "avx2", "amx_tile"}


def test_a_feature_that_only_the_big_cores_have_is_none(tmp_path):
    big, small = "Features : asimddp atomics i8mm", "Features : asimddp atomics"
    assert cpu.features(write(tmp_path, f"{small}\n{big}\n")) == {"asimddp", "atomics"}


def test_a_machine_that_tells_nothing_has_nothing(tmp_path):
    assert cpu.features(tmp_path) == frozenset()
    assert cpu.features(write(tmp_path, "bogomips : 12\n")) == frozenset()


def test_the_names_fit_one_number_each():
    for names in cpu.FEATURES.values():
        assert len(names) == len(set(names))
