import pytest

from scanner.capture.events import Fault, Faulted, FeedError
from scanner.capture.limits import limits
from scanner.errors import ExitCode


@pytest.mark.parametrize("fault", Fault)
def test_each_fault_tells_the_operator_what_to_do(fault: Fault) -> None:
    assert fault.instruction.endswith(".")
    assert fault.instruction.count(". ") == 0
    stop = Faulted(fault, "It stopped.", resumable=True, expected=12)
    assert stop.instruction == f"{fault.instruction} Sheet 12 must then lie first in the hopper."


def test_a_feed_error_is_a_capture_error_in_one_sentence() -> None:
    error = FeedError(Fault.JAM, "Paper is stuck.")
    assert str(error) == error.text == "Paper is stuck."
    assert error.exit_code is ExitCode.CAPTURE


def test_bounds_in_bytes() -> None:
    assert limits().max_image_bytes == 64 * 2**20
    assert limits().max_file_bytes == 512 * 2**20
    assert limits().max_xml_bytes == 256 * 2**10
