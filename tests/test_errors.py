import pytest

from nlp_tasks import errors


@pytest.mark.parametrize("name", [name for name in errors.__all__ if name != "NlpTasksError"])
def test_errors_are_one_tree(name):
    assert issubclass(getattr(errors, name), errors.NlpTasksError)


def test_errors_keep_message_and_code():
    error = errors.ReadError("a.txt: tệp rỗng", code="empty")
    assert (str(error), error.message, error.code) == ("a.txt: tệp rỗng", "a.txt: tệp rỗng", "empty")


def test_errors_have_a_code_of_their_own():
    assert {errors.ReadError("x").code, errors.SchemaError("x").code, errors.ModelError("x").code} == {
        "read",
        "schema",
        "model",
    }
