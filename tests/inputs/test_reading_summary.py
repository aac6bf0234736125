"""What was decided when files were read reaches the report, in the internal edition only."""

from datetime import date

from tests.inputs.sources import write_source
from vs_toolkit.inputs import PartitionWriter, read_source, view
from vs_toolkit.inputs.views.partition import company_partition, customer_partition
from vs_toolkit.reports.colophon import colophon

DAY = date(2026, 6, 30)
GERMAN = "customer_id;name;beta\nC1;Acorn;1,5\nC2;Birch;0,8\nSumme;;\n"
RECORD = "UTF-8, semicolons; beta: decimal commas (2); left out line 4: a row of totals ('Summe')"
SAID = "1 row left out, 1 column converted (1 file); vs-toolkit check lists it"


def test_the_colophon_says_how_the_files_were_read(tmp_path):
    inputs = read_source(write_source(tmp_path, customers=GERMAN, people="", opportunities="", activities="",
                                      status_changes=""))  # fmt: skip
    internal = view(inputs, DAY).customer("C1")
    assert internal.reading == SAID
    assert SAID in colophon(internal).data
    PartitionWriter(view(inputs, DAY)).write("C1", str(tmp_path / "one.arrow"))
    assert customer_partition(str(tmp_path / "one.arrow"), "C1", "internal", DAY).reading == SAID
    assert view(inputs, DAY, "customer").customer("C1").reading == ""
    company = view(inputs, DAY).company()
    assert company.reading == SAID
    assert company.files == (("customers.csv", "customers", 2, RECORD),)
    PartitionWriter(view(inputs, DAY)).write("", str(tmp_path / "all.arrow"))
    opened = company_partition(str(tmp_path / "all.arrow"), DAY)
    assert opened.files == company.files
    page = colophon(opened).data
    assert "How the files were read" in page
    assert RECORD.split("; ")[0] in page
    assert "How the files were read" not in colophon(internal).data


def test_files_in_our_own_form_need_no_word(tmp_path):
    assert view(read_source(write_source(tmp_path)), DAY).company().reading == ""
