from tamizdat.lib.once import once, reading_once


def test_within_one_moment_a_question_is_read_once():
    numbers = iter(range(9))

    with reading_once():
        inside = [once("key", lambda: next(numbers)) for _ in range(3)]

    assert inside == [0, 0, 0]
    assert [once("key", lambda: next(numbers)) for _ in range(2)] == [1, 2]


def test_the_next_moment_reads_again():
    answers = []
    for number in range(2):
        with reading_once():
            answers.append(once("key", lambda number=number: number))

    assert answers == [0, 1]
