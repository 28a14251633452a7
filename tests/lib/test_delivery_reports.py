"""Reports of mail servers are read whatever is in them."""

from email import message_from_bytes

from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib.delivery_reports import Failure, Report, read

REPORT = (
    b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
    b"--b\nContent-Type: message/delivery-status\n\n"
    b"Reporting-MTA: dns; mx.example\n\n"
    b"Original-Recipient: rfc822;ana@example.org\nFinal-Recipient: rfc822; a@b.example\n"
    b"Action: Failed\nStatus: 5.0.0 (undefined)\n"
    b"Diagnostic-Code: smtp; 550-5.1.1 no such user\n\n"
    b"Final-Recipient: rfc822; late@b.example\nAction: delayed\nStatus: 4.4.1\n\n"
    b"--b\nContent-Type: text/rfc822-headers\n\n"
    b"To: Ana <ana@example.org>\nMessage-ID:\n <1.2@lantern.example>\n\n--b--\n"
)


def test_a_report_says_how_it_failed_to_whom_it_went_and_what_it_was():
    assert read(message_from_bytes(REPORT)) == Report(
        failed=(Failure("5.1.1", ("ana@example.org", "a@b.example")),),
        addresses=("ana@example.org", "a@b.example", "late@b.example"),
        message_id="<1.2@lantern.example>",
    )


@given(
    start=st.integers(0, len(REPORT)),
    length=st.integers(0, 60),
    instead=st.binary(max_size=20) | st.text(max_size=10).map(str.encode),
)
def test_whatever_is_damaged_in_a_report_it_is_read_or_is_none(start, length, instead):
    damaged = REPORT[:start] + instead + REPORT[start + length :]
    found = read(message_from_bytes(damaged))

    assert found is None or all(isinstance(each, str) for each in found.addresses)


@given(data=st.binary(max_size=400))
def test_whatever_comes_is_read_or_is_none(data):
    assert read(message_from_bytes(data)) is None or data
