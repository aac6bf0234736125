from tests.shared import ROOT
from vs_toolkit.inputs.fields import KEY, Refers, described, marks
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.dictionary import data_dictionary


def test_the_data_dictionary_is_that_of_the_models():
    assert (ROOT / "data/README.md").read_text() == data_dictionary(), (
        "run: python -m vs_toolkit.inputs.tables.dictionary > data/README.md"
    )


def test_every_column_is_described():
    missing = {
        (name, field)
        for name, model in TABLES.items()
        for field in set(model.model_fields) - set(described(model))
    }
    assert missing == set()


def test_every_reference_points_to_a_table_with_a_key():
    targets = {
        m.table
        for t in TABLES.values()
        for f in t.model_fields.values()
        for m in marks(f)
        if isinstance(m, Refers)
    }
    assert targets == {"customers", "people", "opportunities", "statuses", "contacts", "goals"}
    keys = {t: [n for n, f in TABLES[t].model_fields.items() if KEY in marks(f)] for t in targets}
    versions = {"contacts": ["contact_id", "recorded_on"], "goals": ["goal_id", "recorded_on"]}
    assert {t: names for t, names in keys.items() if len(names) > 1} == versions
