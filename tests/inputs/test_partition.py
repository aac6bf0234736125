"""One file per customer and edition: it holds what it should, nothing else, and opens for nobody else."""

import re
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest

from tests.inputs.sources import write_source
from vs_toolkit.errors import InputError, ParameterError, PartitionError
from vs_toolkit.inputs import PartitionWriter, open_company, open_customer, read_source, view
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.cases.documents import models_in
from vs_toolkit.inputs.fields import shown_fields
from vs_toolkit.inputs.views.editions import visible_columns

DAY = "2026-06-30"


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.delenv("VS_PARTITION", raising=False)
    monkeypatch.setenv("VS_SOURCE", str(write_source(tmp_path / "source")))
    return tmp_path / "source"


@pytest.fixture
def partition(source, tmp_path, monkeypatch):
    """Write the partition of a customer (None: the company), the only thing that can be opened then."""

    def write(customer, edition="internal"):
        seen = view(read_source(source), date.fromisoformat(DAY), edition)
        file = tmp_path / "partitions" / "one.arrow"
        PartitionWriter(seen).write(customer or "", str(file))
        monkeypatch.setenv("VS_PARTITION", str(file))
        monkeypatch.setenv("VS_SOURCE", str(tmp_path / "must not be read"))
        return file

    return write


@pytest.mark.parametrize("edition", ["internal", "customer"])
@pytest.mark.parametrize("customer", ["C1", "C2"])
def test_a_partition_gives_the_same_as_the_source(partition, customer, edition):
    from_source = open_customer(customer, as_of=DAY, edition=edition)
    partition(customer, edition)
    from_file = open_customer(customer, as_of=date.fromisoformat(DAY), edition=edition)
    assert from_file.cases == from_source.cases
    assert (from_file.customer, from_file.source_hash) == (from_source.customer, from_source.source_hash)
    for part in ("tables", "reference"):
        one, other = getattr(from_file, part), getattr(from_source, part)
        assert list(one) == list(other)
        for name in one:
            pd.testing.assert_frame_equal(one[name], other[name])


def test_the_company_opens_from_its_partition_too(partition):
    from_source = open_company(as_of=DAY)
    partition(None)
    from_file = open_company(as_of=DAY)
    assert from_file.source_hash == from_source.source_hash
    for name, frame in from_source.tables.items():
        pd.testing.assert_frame_equal(from_file.tables[name], frame)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"customer": "C2"}, "may open customer 'C1' only; 'C2' was asked for"),
        ({"edition": "internal"}, "may open edition 'customer' only; 'internal' was asked for"),
        ({"as_of": "2026-07-01"}, "may open as_of '2026-06-30' only; '2026-07-01' was asked for"),
    ],
)
def test_a_partition_opens_for_its_own_report_only(partition, asked, words):
    partition("C1", "customer")
    with pytest.raises(PartitionError, match=words):
        open_customer(**({"customer": "C1", "edition": "customer", "as_of": DAY} | asked))


def test_customers_and_company_cannot_open_each_others_partitions(partition):
    partition("C1")
    with pytest.raises(PartitionError, match="may open kind 'customer' only"):
        open_company(as_of=DAY)


def test_a_customer_cannot_open_the_partition_of_the_company(partition):
    partition(None)
    with pytest.raises(PartitionError, match="may open kind 'company' only"):
        open_customer("C1", as_of=DAY)


@pytest.mark.parametrize("content", [None, b"", b"ARROW1 not really"])
def test_a_partition_that_is_no_partition_is_refused(partition, content):
    file = partition("C1")
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(PartitionError, match="cannot be opened"):
        open_customer("C1", as_of=DAY)


def _bytes(file):
    """Everything that a partition holds, without the compression."""
    table = pa.ipc.open_file(str(file)).read_all()
    return b"".join([*table.schema.metadata.values(), *table["content"].to_pylist()])


def test_the_customer_edition_of_a_partition_holds_no_internal_byte(partition):
    internal, customer = (_bytes(partition("C1", edition)) for edition in ("internal", "customer"))
    assert b"INTERNAL" in internal
    assert b"INTERNAL" not in customer
    assert b"Sales engineer" not in customer
    assert b"Fewer stops" in customer


def test_a_partition_holds_no_other_customer(partition):
    for edition in ("internal", "customer"):
        assert b"Birch" not in _bytes(partition("C1", edition))
        assert b"Acorn" not in _bytes(partition("C2", edition))


def test_tables_that_the_customer_may_not_see_are_not_there(source):
    data = open_customer("C1", as_of=DAY, edition="customer")
    shown = ["actions", "customers", "goals", "knowledge", "satisfaction", "service_levels"]
    shown += ["statements", "value_delivered"]
    assert (sorted(data.tables), list(data.reference)) == (shown, ["benchmarks"])
    assert "note" not in data.tables["value_delivered"]
    assert data.case().provider is None
    assert data.case().effects[0].note is None


def test_a_table_that_is_not_given_is_there_without_rows(source):
    (source / "activities.csv").unlink()
    activities = open_customer("C1", as_of=DAY).tables["activities"]
    assert (len(activities), activities["hours"].dtype) == (0, "float64")


def test_an_unknown_customer_edition_day_or_case_says_what_there_is(source):
    with pytest.raises(PartitionError, match="no customer 'c1'"):
        open_customer("c1", as_of=DAY)
    with pytest.raises(ParameterError, match="did you mean 'customer'"):
        open_customer("C1", as_of=DAY, edition="custommer")
    with pytest.raises(ParameterError, match="write it as 2026-06-30"):
        open_customer("C1", as_of="30.6.2026")
    with pytest.raises(PartitionError, match="C2 has no business case dated 2026-06-30 or before"):
        open_customer("C2", as_of=DAY).case()
    with pytest.raises(PartitionError, match="did you mean 'C1-01'"):
        open_customer("C1", as_of=DAY).case("C1-1")


def test_wrong_data_of_a_customer_makes_no_report_of_it_but_of_the_others(source):
    (source / "activities.csv").write_text("date,customer_id,type\nlately,C1,visit\n")
    with pytest.raises(InputError, match="write a date"):
        open_customer("C1", as_of=DAY)
    with pytest.raises(InputError, match="write a date"):
        open_company(as_of=DAY)
    assert open_customer("C2", as_of=DAY).customer["name"] == "Birch Mill"


def test_a_unit_of_the_company_has_its_own_sales_cases_and_targets(source):
    north = open_company(as_of=DAY, unit="North").tables
    assert north["opportunities"]["opportunity_id"].tolist() == ["O1"]
    assert set(north["status_changes"]["opportunity_id"]) == {"O1"}
    assert north["targets"]["unit"].tolist() == ["North"]
    assert len(north["customers"]) == 2
    with pytest.raises(ParameterError, match="did you mean 'North'"):
        open_company(as_of=DAY, unit="north ")


def test_the_hash_of_a_customer_changes_with_its_own_content_only(source):
    def hashes():
        return {c: open_customer(c, as_of=DAY).source_hash for c in ("C1", "C2")}

    before = hashes()
    file = source / "activities.csv"
    header, *rows = file.read_text().splitlines()
    file.write_text("\n".join([header, *reversed(rows)]))
    assert hashes() == before
    file.write_text("\n".join([header, *rows, "2026-06-01,C2,,,visit,2"]))
    after = hashes()
    assert after["C1"] == before["C1"]
    assert after["C2"] != before["C2"]


def test_everything_internal_in_what_a_customer_sees_may_be_absent():
    models = [BusinessCase]
    for model in models:
        visible = [model.model_fields[name] for name in shown_fields(model)]
        models += {m for field in visible for m in models_in(field.annotation)} - set(models)
        hidden = set(model.model_fields) - shown_fields(model)
        assert all(not model.model_fields[name].is_required() for name in hidden), model
        assert all(model.model_fields[name].default is None for name in hidden), model


def test_the_key_columns_of_what_a_customer_sees_are_shown():
    assert visible_columns("value_delivered", "customer")[:3] == ["customer_id", "case_id", "effect_id"]


def test_a_relative_source_is_meant_from_the_folder_where_the_command_was_given(tmp_path, monkeypatch):
    """A kernel works in the folder of its notebook; ``PWD`` still names that of the command."""
    monkeypatch.delenv("VS_PARTITION", raising=False)
    write_source(tmp_path / "source")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    monkeypatch.setenv("PWD", str(tmp_path))
    monkeypatch.setenv("VS_SOURCE", "source")
    assert open_customer("C1", as_of=DAY).customer["customer_id"] == "C1"
    monkeypatch.setenv("VS_SOURCE", "../source")
    assert open_customer("C1", as_of=DAY).customer["customer_id"] == "C1"  # seen from the notebook
    monkeypatch.setenv("VS_SOURCE", "sorce")
    with pytest.raises(InputError, match=re.escape(f"{tmp_path}/sorce: no such folder")):
        open_customer("C1", as_of=DAY)
