"""The differ: the glass ends up at the frame, for fewer bytes than sending all of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.addressing import FRAME_BYTES, Addressing, PageAddressing, WindowAddressing
from drivers.differ import Shadow, plan
from drivers.oled import Controller, Look
from drivers.packing import MIN_TRANSFER, SHORT_TRANSFER, Transaction
from drivers.scroll import ram_for
from drivers.sh1106 import SH1106
from drivers.ssd1306 import SSD1306
from drivers.ssd1309 import SSD1309
from drivers.virtual.oled import OledModel
from drivers.virtual.sh1106 import VirtualSh1106
from drivers.virtual.ssd1306 import VirtualSsd1306, VirtualSsd1309

CHIPS: list[tuple[Controller, type[OledModel]]] = [
    (SSD1306, VirtualSsd1306),
    (SSD1309, VirtualSsd1309),
    (SH1106, VirtualSh1106),
]
CHIP_IDS = [controller.name for controller, _ in CHIPS]
ADDRESSINGS: list[Addressing] = [WindowAddressing(), PageAddressing(2)]

patches = st.lists(
    st.tuples(st.integers(0, FRAME_BYTES - 1), st.binary(min_size=1, max_size=60)), max_size=12
)
limits = st.one_of(st.just(SHORT_TRANSFER), st.integers(MIN_TRANSFER, 140), st.just(1025))


def patched(base: bytes, changes: list[tuple[int, bytes]]) -> bytes:
    frame = bytearray(base)
    for offset, data in changes:
        frame[offset : offset + len(data)] = data[: FRAME_BYTES - offset]
    return bytes(frame)


frames = st.one_of(
    st.binary(min_size=FRAME_BYTES, max_size=FRAME_BYTES),
    patches.map(lambda changes: patched(bytes(FRAME_BYTES), changes)),
)


def chip_after_setup(controller: Controller, model: type[OledModel]) -> OledModel:
    chip = model(strict=True)
    chip.write(b"\x00" + b"".join(controller.setup(Look())) + b"\xaf")
    return chip


def known(frame: bytes) -> Shadow:
    shadow = Shadow()
    shadow.sent(Transaction(b"", ((0, frame),)))
    return shadow


def send(transactions: list[Transaction], chip: OledModel, shadow: Shadow) -> int:
    """Bytes on the wire, address bytes counted."""
    for transaction in transactions:
        chip.write(transaction.payload)
        shadow.sent(transaction)
    return sum(1 + len(transaction.payload) for transaction in transactions)


@pytest.mark.parametrize("controller, model", CHIPS, ids=CHIP_IDS)
@settings(max_examples=60, deadline=None)
@given(first=frames, changes=patches, last=frames, limit=limits)
def test_glass_equals_frame_for_any_sequence_and_transfer_limit(
    controller: Controller,
    model: type[OledModel],
    first: bytes,
    changes: list[tuple[int, bytes]],
    last: bytes,
    limit: int,
) -> None:
    chip, shadow = chip_after_setup(controller, model), Shadow()
    for frame in (first, patched(first, changes), last):
        transactions = plan(shadow, frame, controller.addressing, limit)
        assert all(len(transaction.payload) <= limit for transaction in transactions)
        send(transactions, chip, shadow)
        assert chip.frame() == frame
        assert plan(shadow, frame, controller.addressing, limit) == []


@pytest.mark.parametrize("controller, model", CHIPS, ids=CHIP_IDS)
@settings(max_examples=40, deadline=None)
@given(
    first=frames,
    scrolls=st.lists(st.tuples(st.integers(-63, 63), patches), min_size=1, max_size=4),
    limit=limits,
)
def test_glass_equals_frame_after_any_scrolls(
    controller: Controller,
    model: type[OledModel],
    first: bytes,
    scrolls: list[tuple[int, list[tuple[int, bytes]]]],
    limit: int,
) -> None:
    chip, shadow, frame = chip_after_setup(controller, model), Shadow(), first
    send(plan(shadow, frame, controller.addressing, limit), chip, shadow)
    for rows, changes in scrolls:
        frame = patched(ram_for(frame, rows % 64), changes)
        transactions = plan(shadow, frame, controller.addressing, limit)
        assert all(len(transaction.payload) <= limit for transaction in transactions)
        send(transactions, chip, shadow)
        assert chip.frame() == frame
        assert shadow.shows(frame)


def test_start_line_turns_rows_of_the_frame_down_through_ram() -> None:
    top_row = b"\x01" * 128 + bytes(FRAME_BYTES - 128)
    assert ram_for(top_row, 0) == top_row
    assert ram_for(top_row, 12) == bytes(128) + b"\x10" * 128 + bytes(FRAME_BYTES - 256)
    assert ram_for(ram_for(top_row, 50), 14) == top_row


def test_a_page_of_text_scrolled_by_a_line_is_one_command_and_the_new_line() -> None:
    text = bytes((i * 37 + i // 128 * 11) % 255 + 1 for i in range(FRAME_BYTES))
    frame = ram_for(text, 64 - 12)[:-256] + bytes(256)
    transactions = plan(known(text), frame, WindowAddressing())
    assert transactions[0].payload.startswith(b"\x80\x4c")
    assert [t.start_line for t in transactions] == [12] + [None] * (len(transactions) - 1)
    assert sum(len(t.payload) for t in transactions) < 3 * 128 + 30, "16 rows touch three pages"


def test_a_start_line_that_was_not_acknowledged_is_sent_again() -> None:
    text = bytes((i * 37 + i // 128 * 11) % 255 + 1 for i in range(FRAME_BYTES))
    frame = ram_for(text, 64 - 12)
    shadow = known(text)
    (scroll,) = plan(shadow, frame, WindowAddressing())
    assert scroll.payload == b"\x80\x4c", "nothing but the command"
    shadow.failed(scroll)
    assert not shadow.shows(frame) and not shadow.shows(text)
    (again,) = plan(shadow, text, WindowAddressing())
    assert again.payload == b"\x80\x40"


@pytest.mark.parametrize("addressing", ADDRESSINGS, ids=["window", "page"])
@settings(max_examples=100, deadline=None)
@given(before=frames, changes=patches, limit=limits)
def test_a_difference_never_costs_more_than_the_full_frame(
    addressing: Addressing, before: bytes, changes: list[tuple[int, bytes]], limit: int
) -> None:
    def cost(shadow: Shadow, frame: bytes) -> int:
        return sum(1 + len(t.payload) for t in plan(shadow, frame, addressing, limit))

    frame = patched(before, changes)
    assert cost(known(before), frame) <= cost(Shadow(), frame)


@pytest.mark.parametrize("addressing", ADDRESSINGS, ids=["window", "page"])
def test_an_unchanged_frame_sends_nothing(addressing: Addressing) -> None:
    frame = bytes(range(256)) * 4
    assert plan(known(frame), frame, addressing) == []


def test_one_glyph_across_two_pages_is_one_transaction_on_a_windowed_chip() -> None:
    frame = patched(bytes(FRAME_BYTES), [(24, b"\xff" * 12), (128 + 24, b"\x0f" * 12)])
    (transaction,) = plan(known(bytes(FRAME_BYTES)), frame, WindowAddressing())
    commands = b"\x80\x21\x80\x18\x80\x23\x80\x22\x80\x00\x80\x01"
    assert transaction.payload == commands + b"\x40" + b"\xff" * 12 + b"\x0f" * 12


def test_one_glyph_across_two_pages_is_two_spans_on_a_paged_chip() -> None:
    frame = patched(bytes(FRAME_BYTES), [(24, b"\xff" * 12), (128 + 24, b"\x0f" * 12)])
    payloads = [t.payload for t in plan(known(bytes(FRAME_BYTES)), frame, PageAddressing(2))]
    assert payloads == [
        b"\x80\xb0\x80\x0a\x80\x11\x40" + b"\xff" * 12,
        b"\x80\xb1\x80\x0a\x80\x11\x40" + b"\x0f" * 12,
    ]


def test_the_same_window_again_needs_no_addressing() -> None:
    shadow, addressing = known(bytes(FRAME_BYTES)), WindowAddressing()
    for value in (b"\xff", b"\x00", b"\x55"):
        frame = patched(bytes(FRAME_BYTES), [(500, value * 4)])
        transactions = plan(shadow, frame, addressing)
        for transaction in transactions:
            shadow.sent(transaction)
    assert [t.payload for t in transactions] == [b"\x40" + b"\x55" * 4]


def test_small_spans_share_a_transaction_through_continuation() -> None:
    frame = patched(bytes(FRAME_BYTES), [(0, b"\x01"), (100, b"\x02"), (1000, b"\x03")])
    payloads = [t.payload for t in plan(known(bytes(FRAME_BYTES)), frame, PageAddressing(2))]
    assert payloads == [
        b"\x80\xb0\x80\x02\x80\x10\xc0\x01\x80\x06\x80\x16\xc0\x02\x80\xb7\x80\x0a\x80\x16\x40\x03"
    ]


@pytest.mark.parametrize(
    "addressing, gap, spans", [(PageAddressing(2), 4, 1), (PageAddressing(2), 12, 2),
                               (WindowAddressing(), 4, 1), (WindowAddressing(), 16, 2)]
)  # fmt: skip
def test_a_gap_is_bridged_only_while_it_costs_less_than_addressing(
    addressing: Addressing, gap: int, spans: int
) -> None:
    frame = patched(bytes(FRAME_BYTES), [(10, b"\xff" * 20), (30 + gap, b"\xff" * 20)])
    assert len(plan(known(bytes(FRAME_BYTES)), frame, addressing)) == spans


def test_a_full_frame_costs_little_more_than_its_data() -> None:
    transactions = plan(Shadow(), bytes(FRAME_BYTES), WindowAddressing(), 1025 + 12)
    assert [len(transaction.payload) for transaction in transactions] == [12 + 1 + 1024]


def test_what_was_not_acknowledged_is_sent_again() -> None:
    shadow, addressing = known(bytes(FRAME_BYTES)), WindowAddressing()
    frame = patched(bytes(FRAME_BYTES), [(10, b"\xff" * 20), (600, b"\xff" * 20)])
    first, second = plan(shadow, frame, addressing)
    shadow.sent(first)
    shadow.failed(second)
    (again,) = plan(shadow, frame, addressing)
    assert again.writes == second.writes
    assert again.payload.startswith(b"\x80\x21"), "where the pointer stands is not known either"
    (back,) = plan(shadow, patched(bytes(FRAME_BYTES), [(10, b"\xff" * 20)]), addressing)
    assert back.writes == ((600, bytes(20)),), "it may have been written after all"


@pytest.mark.parametrize("size", [0, 1023, 1025])
def test_a_frame_of_the_wrong_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="a frame is 1024 bytes"):
        plan(Shadow(), bytes(size), WindowAddressing())


def test_a_transfer_limit_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot carry"):
        plan(Shadow(), bytes(FRAME_BYTES), WindowAddressing(), MIN_TRANSFER - 1)
