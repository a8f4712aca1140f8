import http.client
import itertools
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.simulate import escl_words
from scanner.simulate.escl_device import EsclDevice, Planned, Trouble
from scanner.simulate.feeder import Feeder, Paper

JOB = (
    b"<s:ScanSettings xmlns:s='urn:s'><s:InputSource>Feeder</s:InputSource><s:Duplex>true</s:Duplex>"
    b"<s:XResolution>200</s:XResolution><s:DocumentFormat>image/jpeg</s:DocumentFormat></s:ScanSettings>"
)


def paper(count: int) -> list[Paper]:
    return [(f"{n}F".encode(), f"{n}B".encode()) for n in range(1, count + 1)]


class Host:
    """A bare eSCL host."""

    def __init__(self, device: EsclDevice) -> None:
        self._http = http.client.HTTPConnection(urlsplit(device.url).netloc, timeout=5)

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes, str]:
        self._http.request(method, path, body)
        answer = self._http.getresponse()
        content = answer.read()
        return answer.status, content, answer.headers.get("Location", "")

    def open(self) -> str:
        code, _, place = self.ask("POST", "/eSCL/ScanJobs", JOB)
        assert code == 201
        return place

    def adf(self) -> str:
        return (
            self.ask("GET", "/eSCL/ScannerStatus")[1]
            .decode()
            .partition("<scan:AdfState>")[2]
            .partition("<")[0]
        )

    def all_images(self) -> list[bytes]:
        job = self.open()
        images = []
        while (answer := self.ask("GET", f"{job}/NextDocument"))[0] == 200:
            images.append(answer[1])
        return images

    def close(self) -> None:
        self._http.close()


@pytest.fixture
def device() -> Iterator[EsclDevice]:
    with EsclDevice(paper(5)) as one:
        yield one


@pytest.fixture
def host(device: EsclDevice) -> Iterator[Host]:
    one = Host(device)
    yield one
    one.close()


def test_a_job_gives_fronts_and_backs_in_turn_and_then_404(device: EsclDevice, host: Host) -> None:
    assert host.adf() == "ScannerAdfLoaded"
    assert host.all_images() == [side for sheet in paper(5) for side in sheet]
    assert host.adf() == "ScannerAdfEmpty"
    assert device.sheets_out == 5
    assert b"<pwg:JobState>Completed<" in host.ask("GET", "/eSCL/ScannerStatus")[1]


def test_capabilities_name_the_paper_in_units_of_a_300th_inch(host: Host) -> None:
    code, body, _ = host.ask("GET", "/eSCL/ScannerCapabilities")
    assert code == 200
    assert b"<scan:AdfDuplexInputCaps>" in body
    assert b"<scan:MaxWidth>3600<" in body
    assert b"<scan:XResolution>200<" in body


@pytest.mark.parametrize(
    "job",
    [
        b"",
        b"no xml",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        JOB.replace(b"200", b"many"),
        JOB.replace(b"200", b"600"),
        JOB.replace(b"Feeder", b"Platen"),
        JOB.replace(b"image/jpeg", b"application/pdf"),
    ],
)
def test_a_job_it_cannot_do_is_refused(host: Host, job: bytes) -> None:
    assert host.ask("POST", "/eSCL/ScanJobs", job)[0] in {400, 409}


def test_a_second_job_waits_for_the_first(host: Host) -> None:
    job = host.open()
    assert host.ask("POST", "/eSCL/ScanJobs", JOB)[0] == 503
    assert host.ask("DELETE", job)[0] == 200
    assert host.ask("POST", "/eSCL/ScanJobs", JOB)[0] == 201


def test_what_it_does_not_know(host: Host) -> None:
    assert host.ask("GET", "/")[0] == 404
    assert host.ask("GET", "/eSCL/ScanJobs/none/NextDocument")[0] == 404
    assert host.ask("POST", host.open())[0] == 405


@pytest.mark.parametrize("trouble", [Trouble.JAM, Trouble.MULTIPICK, Trouble.DOOR_OPEN, Trouble.MISPICK])
def test_after_a_fault_paper_lies_in_the_tray_until_put_back(
    device: EsclDevice, host: Host, trouble: Trouble
) -> None:
    device.fail(trouble, image=3)
    assert host.all_images() == [b"1F", b"1B", b"2F"]
    assert host.adf() == trouble.value
    assert device.sheets_out == 4  # two sheets of look-ahead went through as well
    assert host.ask("POST", "/eSCL/ScanJobs", JOB)[0] == 503
    device.put_back(2)
    assert host.all_images() == [side for sheet in paper(5)[1:] for side in sheet]


def test_a_cancelled_job_has_fed_what_was_in_the_path(device: EsclDevice, host: Host) -> None:
    job = host.open()
    host.ask("GET", f"{job}/NextDocument")
    host.ask("DELETE", job)
    assert device.sheets_out == 3
    assert host.ask("GET", f"{job}/NextDocument")[0] == 404
    assert host.all_images() == [b"4F", b"4B", b"5F", b"5B"]


def test_paper_not_in_the_tray_cannot_be_put_back(device: EsclDevice) -> None:
    for sheet in (0, 2, 99):
        with pytest.raises(ValueError, match="not in the tray"):
            device.put_back(sheet)


def test_truncated_cut_off_and_paused_images(host: Host, device: EsclDevice) -> None:
    device.load([(b"x" * 100000, b"y" * 100)])
    device.fail(Trouble.PAUSE, 9, seconds=0.05)
    device.fail(Trouble.TRUNCATED, 11)
    device.fail(Trouble.CUT_OFF, 10)
    job = host.open()
    answers = [host.ask("GET", f"{job}/NextDocument")[0] for _ in range(10)]
    assert answers == [200] * 9 + [503]
    while host.ask("GET", f"{job}/NextDocument")[0] == 503:
        pass
    with pytest.raises(http.client.IncompleteRead) as cut:
        host.ask("GET", f"{job}/NextDocument")
    assert len(cut.value.partial) == 50000
    host.close()
    assert host.ask("GET", f"{job}/NextDocument")[:2] == (200, b"y" * 50)


def test_a_request_with_a_giant_body_is_refused(host: Host) -> None:
    assert host.ask("POST", "/eSCL/ScanJobs", b"x" * 70000)[0] == 413


def test_an_endless_hopper_is_drawn_sheet_by_sheet() -> None:
    drawn = itertools.count(1)
    endless = ((b"%dF" % n, b"%dB" % n) for n in drawn)
    with EsclDevice(endless, look_ahead=3) as device:
        host = Host(device)
        job = host.open()
        for _ in range(20):
            host.ask("GET", f"{job}/NextDocument")
        host.close()
    assert next(drawn) <= 10 + 3 + 2


def test_the_transport_has_its_own_pace() -> None:
    with EsclDevice(paper(4), pages_per_minute=2400) as device:
        host = Host(device)
        begun = time.monotonic()
        assert len(host.all_images()) == 8
        assert time.monotonic() - begun > 8 * 0.025 * 0.8
        host.close()


def test_jobs_are_remembered(device: EsclDevice, host: Host) -> None:
    host.open()
    assert device.jobs == (
        escl_words.Asked(feeder=True, duplex=True, dpi=200, colour=False, kind="image/jpeg"),
    )


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(0, 6),
    look_ahead=st.integers(0, 3),
    acts=st.lists(st.tuples(st.integers(0, 7), st.integers(1, 7)), max_size=6),
)
def test_the_feeder_never_loses_or_makes_paper(
    count: int, look_ahead: int, acts: list[tuple[int, int]]
) -> None:
    feeder = Feeder(paper(count), look_ahead, memory=16)
    for images, back_to in acts:
        for _ in range(images):
            feeder.next_image(duplex=True)
        feeder.stop()
        feeder.put_back(min(back_to, feeder.out + 1))
    feeder.put_back(1)
    assert list(iter(lambda: feeder.next_image(duplex=True), None)) == [s for p in paper(count) for s in p]
    assert feeder.out == count


def test_planned_faults_strike_once_each() -> None:
    plan = [Planned(Trouble.JAM, 0), Planned(Trouble.JAM, 0)]
    with EsclDevice(paper(1), faults=plan) as device:
        host = Host(device)
        assert host.all_images() == []
        device.put_back(1)
        assert host.all_images() == []
        device.put_back(1)
        assert host.all_images() == [b"1F", b"1B"]
        host.close()


def test_paper_that_cannot_be_made_is_not_silence() -> None:
    def torn() -> Iterator[Paper]:
        yield from paper(1)
        raise ZeroDivisionError("no ink")

    def scan() -> None:
        with EsclDevice(torn(), look_ahead=0) as device:
            host = Host(device)
            try:
                with pytest.raises(http.client.RemoteDisconnected):
                    host.all_images()
            finally:
                host.close()

    with pytest.raises(ZeroDivisionError, match="no ink"):
        scan()
