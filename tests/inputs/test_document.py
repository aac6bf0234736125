import pytest

from vs_toolkit.errors import InputError
from vs_toolkit.inputs.cases import document


def problems(text):
    with pytest.raises(InputError) as caught:
        document.parse(text, "f.yaml")
    return caught.value.problems


def test_every_field_knows_its_line():
    doc = document.parse("a: 1\nb:\n  - c: 2\n\n  - c: 3\n", "f.yaml")
    assert doc.lines[("b", 1, "c")] == 5
    assert doc.locate(("b", 1, "nowhere")) == (("b", 1), 5)


@pytest.mark.parametrize("text", ["007", "NO", "1e5", "2026-01-02", "12:30", "0x1A", "true"])
def test_values_are_read_as_they_stand(text):
    assert document.parse(f"a: {text}", "f.yaml").data == {"a": text}


def test_merge_keys_and_anchors_are_read():
    data = document.parse("a: &x {b: 1}\nc: {<<: *x, d: 2}", "f.yaml").data
    assert data["c"] == {"b": "1", "d": "2"}


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("", "", "the file is empty"),
        ("  \n\n", "", "the file is empty"),
        ("- a\n- b", "line 1", "name: value"),
        ("a: 1\nb: [2\nc: 3", "line 3", "not readable as YAML"),
        ("a: 1\n\tb: 2", "line 2", "tabs"),
        ("a: 1\nb: c: d", "line 2", "quotes"),
        ("a: 1\n---\nb: 2", "line 2", "another document"),
        ("a: !!python/object/apply:os.system ['true']", "line 1", "not readable as YAML"),
        ("a: \x00", "", "not readable as YAML"),
        ("a: &x [*x]", "", "unfolds into too many"),
        ("a: " + "[" * 5000, "", "nested too deeply"),
    ],
)
def test_what_is_not_yaml_is_said_with_its_line(text, where, words):
    (problem,) = problems(text)
    assert problem.where == where
    assert words in problem.message


def test_a_document_that_unfolds_without_end_is_refused():
    # ten levels of ten references each: 10^10 fields in 400 characters
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 10))
    (problem,) = problems("l0: &l0 [1, 2]\n" + levels)
    assert "too many fields" in problem.message


def test_a_field_given_twice_is_refused_and_all_such_fields_are_named():
    text = "a: 1\nb:\n  c: 1\n  c: 2\na:\n  d: 4\n"
    found = [(p.where, p.field) for p in problems(text)]
    assert found == [("line 4", "b.c"), ("line 5", "a")]


def test_text_that_is_not_utf8_is_refused_with_its_line():
    with pytest.raises(InputError, match=r"line 2: not UTF-8"):
        document.decode("a: 1\nb: ü".encode("cp1252"), "f.yaml")


def test_the_slow_loader_reads_what_the_fast_one_reads():
    text = "a: &x {b: ~, c: [1, {d: 'e'}]}\nf: {<<: *x}\n"
    fast, plain = (document._read(text, "f.yaml", loader) for loader in (document.FAST, document.PLAIN))
    assert fast == plain
