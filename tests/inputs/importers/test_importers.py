"""The thirteen classes of trouble with CRM exports, each on a small input."""

import json
from datetime import date

import pandas as pd
import pytest

from vs_toolkit.errors import InputError, ParameterError
from vs_toolkit.inputs import read_source, view
from vs_toolkit.inputs.importers import Options, run
from vs_toolkit.inputs.importers.salesforce import is_damaged, lifted

SF = "Id,AccountId,Name,StageName,Amount,CloseDate,IsClosed,IsWon,CreatedDate\n"


def files(folder, **contents):
    folder.mkdir(exist_ok=True, parents=True)
    for name, content in contents.items():
        file = folder / name.replace("__", ".")
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def imported(tmp_path, system, options=None, **contents):
    done = run(system, [files(tmp_path / "export", **contents)], tmp_path / "source", options or Options())
    source = read_source(tmp_path / "source")
    assert source.problems == ()
    return source, "\n".join(done.statement)


def refused(tmp_path, system, options=None, **contents):
    with pytest.raises(InputError) as caught:
        run(system, [files(tmp_path / "export", **contents)], tmp_path / "source", options or Options())
    return str(caught.value)


def path_of(source, id_):
    changes = source.tables["status_changes"]
    return changes[changes["opportunity_id"] == id_]["status"].tolist()


DEALS = (
    "deal_id,property_dealname,deal_pipeline_id,deal_pipeline_stage_id,property_amount,property_createdate\n"
)


def test_1_a_merged_deal_is_left_out_and_its_path_is_not_spliced(tmp_path):
    source, said = imported(
        tmp_path, "hubspot",
        deal__csv=DEALS + "1,A,p,s2,100,2026-01-01 10:00:00\n2,B,p,s1,50,2026-01-02 10:00:00\n",
        merged_deal__csv="deal_id,merged_deal_id\n1,2\n",
        deal_stage__csv="deal_id,date_entered,value\n1,2026-01-01 10:00:00,s1\n1,2026-02-01 10:00:00,s2\n"
        "2,2026-01-15 10:00:00,s9\n",
    )  # fmt: skip
    assert source.tables["opportunities"]["opportunity_id"].tolist() == ["1"]
    assert path_of(source, "1") == ["s1", "s2"]
    assert "deal 2 was merged into 1: left out" in said


def test_2_stages_of_the_same_name_in_two_pipelines_are_two_statuses(tmp_path):
    stages = "stage_id,label,pipeline_id,display_order,probability,closed_won,is_closed\n"
    source, _ = imported(
        tmp_path, "hubspot",
        deal__csv=DEALS + "1,A,a,1,100,2026-01-01 10:00:00\n"
        "2,B,b,2,50,2026-01-02 10:00:00\n"
        "3,C,a,77,5,2026-01-02 10:00:00\n",
        stage__csv=stages + "1,New,a,0,0.1,false,false\n2,New,b,0,0.3,false,false\n",
    )  # fmt: skip
    statuses = source.tables["statuses"].set_index("status")["nominal_probability"]
    assert statuses[["a: New", "b: New"]].tolist() == [0.1, 0.3]
    assert "77" in statuses.index  # a stage that was deleted stays as a label


def test_3_a_day_is_that_of_the_zone(tmp_path):
    row = "1,A,p,s,100,2023-04-01T01:09:44Z\n"
    source, said = (
        imported(tmp_path / "a", "hubspot", deal__csv=DEALS + row) if (tmp_path / "a").mkdir() is None else 0
    )
    assert source.tables["opportunities"]["created_at"].iloc[0] == pd.Timestamp("2023-04-01")
    assert "times are in UTC, and so are the days" in said
    (tmp_path / "b").mkdir()
    source, said = imported(
        tmp_path / "b", "hubspot", Options(timezone="America/Phoenix"), deal__csv=DEALS + row
    )
    assert source.tables["opportunities"]["created_at"].iloc[0] == pd.Timestamp("2023-03-31")
    assert "days are those of America/Phoenix" in said
    with pytest.raises(ParameterError, match="Europe/Berlin"):
        run("hubspot", [tmp_path / "b" / "export"], tmp_path / "c", Options(timezone="Nowhere"))


def test_4_one_entry_per_deal_is_no_history(tmp_path):
    deal = {
        "id": "1",
        "properties": {
            "dealname": "A",
            "dealstage": "closedwon",
            "pipeline": "default",
            "createdate": "2026-01-01T00:00:00Z",
        },
        "propertiesWithHistory": {"dealstage": [{"value": "closedwon", "timestamp": "2026-02-01T00:00:00Z"}]},
    }
    source, said = imported(tmp_path, "hubspot", deals__json=json.dumps({"results": [deal]}))
    assert "that is no history; export the property history of dealstage" in said
    assert "not: calibration by age" in said
    assert path_of(source, "1") == ["Closed won"]


def test_5_days_that_stay_undecided_are_refused_with_both_readings(tmp_path):
    text = refused(tmp_path, "salesforce", o__csv=SF + "1,A,N,Prospecting,1,03/04/2026,0,0,05/04/2026\n")
    assert "03/04/2026 can be 3 Apr 2026 or 4 Mar 2026" in text


def test_6_numbers_and_separators_of_the_export(tmp_path):
    text = "Deal - ID;Deal - Title;Deal - Value;Deal - Status;Deal - Stage;Deal - Deal created\n"
    rows = "1;A;1.355,90;Open;Offer;2026-01-01\n2;B;1.250;Open;Offer;2026-01-01\n"
    source, _ = imported(tmp_path, "pipedrive", deals__csv=text + rows)
    assert source.tables["opportunities"]["value"].tolist() == [1355.9, 1250]
    alone = refused(tmp_path, "pipedrive", deals__csv=text + "2;B;1.250;Open;Offer;2026-01-01\n")
    assert "1.250 can be 1.25 or 1250" in alone


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_7_encodings(tmp_path, encoding):
    text = (
        '"Record ID","Deal Name","Deal Stage","Amount","Create Date"\n'
        '"1","Müller","New","5","2026-01-01 10:00"\n'
    )
    source, _ = imported(tmp_path, "hubspot", deals__csv=text.encode(encoding))
    assert source.tables["opportunities"]["name"].tolist() == ["Müller"]


def test_8_ids_are_compared_with_their_case_and_lifted_by_their_checksum(tmp_path):
    # by hand: of the chunks 006bm, 00000, LKJNN the first two have no capitals (A, A), and of
    # the third all five letters are: 1 + 2 + 4 + 8 + 16 = 31 (5)
    assert lifted("006bm00000LKJNN") == "006bm00000LKJNNAA5"
    assert is_damaged("006BM00000LKJNNAA5")
    rows = (
        "006bm00000LKJNa,001bm00001ZL8UC,N,New,1,2026-05-01,0,0,2026-01-01\n"
        "006bm00000LKJNA,001bm00001ZL8UC,M,New,2,2026-05-01,0,0,2026-01-01\n"
    )
    source, _ = imported(tmp_path, "salesforce", o__csv=SF + rows)
    assert sorted(source.tables["opportunities"]["opportunity_id"]) == [
        "006bm00000LKJNAAA5",
        "006bm00000LKJNaAAP",
    ]


def test_9_ids_are_text(tmp_path):
    rows = (
        "00600000000012E5,A,N,New,1,2026-05-01,0,0,2026-01-01\n"
        "006000000000123,A,M,New,2,2026-05-01,0,0,2026-01-01\n"
    )
    source, _ = imported(tmp_path, "salesforce", o__csv=SF + rows)
    assert sorted(source.tables["opportunities"]["opportunity_id"]) == [
        "006000000000123AAA",
        "00600000000012E5",
    ]


CURRENCY = SF.replace("\n", ",CurrencyIsoCode\n")
TWO = CURRENCY + "1,A,N,New,100,2026-05-01,0,0,2026-01-15,EUR\n2,A,M,New,100,2026-05-01,0,0,2026-03-15,USD\n"


def test_10_currencies_are_never_added(tmp_path):
    assert "amounts are in EUR, USD: give dated rates" in refused(tmp_path, "salesforce", o__csv=TWO)
    rates = tmp_path / "rates.csv"
    rates.write_text("date,currency,rate,into\n2026-01-01,USD,0.9,EUR\n2026-03-01,USD,0.8,EUR\n")
    source, said = imported(tmp_path, "salesforce", Options(rates=rates), o__csv=TWO)
    # 100 USD of 15 March at 0.80
    assert source.tables["opportunities"]["value"].tolist() == [100, 80]
    assert set(source.tables["opportunities"]["currency"]) == {"EUR"}
    assert "USD converted into EUR" in said
    rates.write_text("date,currency,rate,into\n2026-04-01,USD,0.9,EUR\n")
    assert "has no rate for USD on 2026-03-15" in refused(
        tmp_path, "salesforce", Options(rates=rates), o__csv=TWO
    )


def test_11_na_is_a_name(tmp_path):
    rows = "1,NA,null,New,1,2026-05-01,0,0,2026-01-01\n"
    source, _ = imported(
        tmp_path, "salesforce", o__csv=SF + rows, account__csv="Id,Name,Industry,BillingCountry\nNA,NA,,N/A\n"
    )
    assert source.tables["customers"][["customer_id", "name", "region"]].values.tolist() == [
        ["NA", "NA", "N/A"]
    ]
    assert source.tables["opportunities"]["name"].tolist() == ["null"]


def test_12_a_header_twice_is_refused_and_money_is_read(tmp_path):
    twice = "Id,Name,Stage Name,StageName,CloseDate,IsWon,CreatedDate\n1,A,New,Old,2026-05-01,0,2026-01-01\n"
    assert "means the same column as 'Stage Name'" in refused(tmp_path, "salesforce", o__csv=twice)
    rows = (
        '1,A,N,New,"$1,500",2026-05-01,0,0,2026-01-01\n'
        '2,A,N,New,"$2,000.50",2026-05-01,0,0,2026-01-01\n'
        "3,A,N,New,(250),2026-05-01,0,0,2026-01-01\n"
    )
    source, _ = imported(tmp_path, "salesforce", o__csv=SF + rows)
    assert source.tables["opportunities"]["value"].tolist() == [1500, 2000.5, -250]


def test_13_report_footer_serials_and_epochs(tmp_path):
    rows = "1,A,N,New,5,46113,0,0,46100\n"
    footer = "Grand Totals,1\n\nCopyright (c) 2000-2026 somebody\n"
    source, said = imported(tmp_path, "salesforce", o__csv=SF + rows + footer)
    opportunity = source.tables["opportunities"].iloc[0]
    assert (opportunity["expected_decision"], opportunity["created_at"]) == (
        pd.Timestamp("2026-04-01"),
        pd.Timestamp("2026-03-19"),
    )
    assert "a footer ('Copyright (c) 2000-2026 somebody')" in said
    assert "day numbers of Excel" in said


def test_field_history_of_salesforce(tmp_path):
    head = "Id,OpportunityId,CreatedDate,Field,OldValue,NewValue\n"
    rows = (
        "1,O1,2026-02-01T10:00:00.000+0000,StageName,New,Offer\n"
        "2,O1,2026-02-02T10:00:00.000+0000,Amount,1,2\n"
        "3,O1,2026-03-01T10:00:00.000+0000,StageName,Offer,Closed Won\n"
    )
    source, _ = imported(
        tmp_path,
        "salesforce",
        o__csv=SF + "O1,A,N,Closed Won,2,2026-03-01,1,1,2026-01-01\n",
        h__csv=head + rows,
    )
    assert path_of(source, "O1") == ["New", "Offer", "Closed Won"]
    assert view(source, date(2026, 1, 15)).company().tables["status_changes"]["status"].tolist() == ["New"]


def test_deleted_rows_and_missing_references_of_the_data_export_service(tmp_path):
    head = SF.replace("\n", ",IsDeleted\n")
    rows = (
        "1,000000000000000AAA,N,New,1,2026-05-01,0,0,2026-01-01 10:00:00,0\n"
        "2,A,M,New,2,2026-05-01,0,0,2026-01-01 10:00:00,1\n"
    )
    source, said = imported(tmp_path, "salesforce", o__csv=head + rows)
    assert source.tables["opportunities"]["customer_id"].tolist() == ["(no account)"]
    assert "1 deleted opportunities left out (2)" in said


def test_wide_columns_of_hubspot_give_a_history(tmp_path):
    head = (
        'Record ID,Deal Name,Deal Stage,Pipeline,Create Date,"Date entered ""New (Sales)""",'
        '"Date entered ""Offer (Sales)"""\n'
    )
    row = "1,A,Offer,Sales,2026-01-01 08:00,2026-01-01 08:00,2026-02-01 09:00\n"
    source, said = imported(tmp_path, "hubspot", deals__csv=head + row)
    assert path_of(source, "1") == ["New", "Offer"]
    assert "supports: win rates, stage-to-stage conversion" in said


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("Obchod - ID;Obchod - Název;Obchod - Hodnota;Obchod - Stav;Obchod - Fáze;Obchod - Obchod vytvořen",
        "1;A;1.355,90;Vyhráno;Nabídka;2026-01-01 10:00:00"),
        ("Deal - ID;Deal - Titel;Deal - Wert;Deal - Status;Deal - Phase;Deal - Deal erstellt",
        "1;A;1.355,90;Gewonnen;Angebot;2026-01-01 10:00:00"),
        ("Deal - ID,Deal - Title,Deal - Value,Deal - Status,Deal - Stage (Sales),Deal - Creation date",
        '1,A,"1,355.90",Won,Offer,2026-01-01 10:00:00'),
    ],
)  # fmt: skip
def test_pipedrive_headers_in_the_language_of_the_user(tmp_path, head, row):
    source, _ = imported(tmp_path, "pipedrive", deals__csv=f"{head}\n{row}\n")
    assert source.tables["opportunities"]["value"].tolist() == [1355.9]
    assert path_of(source, "1") == ["Won"]


def test_the_log_of_field_changes_of_pipedrive(tmp_path):
    deals = json.dumps(
        {
            "id": 1,
            "title": "A",
            "value": 5,
            "status": "won",
            "stage_id": 2,
            "add_time": "2026-01-01 08:00:00",
            "won_time": "2026-03-01 08:00:00",
        }
    )
    log = [
        {
            "item_id": 1,
            "field_key": "stage_id",
            "old_value": "1",
            "new_value": "2",
            "log_time": "2026-02-01 08:00:00",
        },
        {
            "item_id": 1,
            "field_key": "status",
            "old_value": "open",
            "new_value": "won",
            "log_time": "2026-03-01 08:00:00",
        },
    ]
    stages = "id,name,pipeline_id,order_nr,deal_probability\n1,Lead,1,1,20\n2,Offer,1,2,50\n"
    source, _ = imported(
        tmp_path, "pipedrive", deals__jsonl=deals, log__json=json.dumps(log), stages__csv=stages
    )
    assert path_of(source, "1") == ["Lead", "Offer", "Won"]
    assert source.tables["statuses"]["nominal_probability"].tolist() == [0.2, 0.5, 1]


def test_dynamics_closed_rows_are_known_by_their_status_and_a_view_without_ids(tmp_path):
    head = (
        " Topic, Potential Customer,Est. Revenue,Actual Revenue,Sales Stage,Status,Created On,"
        "Est. Close Date,Actual Close Date\n"
    )
    rows = (
        '"Pump","Acme","1,000.50","900.50",Close,Won,1/13/2026 8:00 AM,3/1/2026,2/20/2026\n'
        '"Fan","Acme","500.50",,Close,Lost,1/14/2026 8:00 AM,3/1/2026,2/21/2026\n'
        '"Mill","Birch","70.50",,Develop,Open,1/15/2026 8:00 AM,3/1/2026,\n'
    )
    source, said = imported(tmp_path, "dynamics", view__csv=head + rows)
    table = source.tables["opportunities"].set_index("name")
    assert table["value"].to_dict() == {"Pump": 900.5, "Fan": 500.5, "Mill": 70.5}
    last = source.tables["status_changes"].set_index("opportunity_id")["status"]
    assert [last[table.loc[name, "opportunity_id"]] for name in ("Pump", "Fan", "Mill")] == [
        "Won",
        "Lost",
        "Develop",
    ]
    assert "the view has no id column" in said


def test_a_status_word_that_is_not_known_is_said_and_an_impossible_day_has_its_line(tmp_path):
    head = "Topic,Potential Customer,Est. Revenue,Status,Created On\n"
    row = '"Pump","Acme","1,000.50",{},2026-{}\n'
    _, said = imported(tmp_path, "dynamics", view__csv=head + row.format("Gagn\u00e9", "01-13"))
    assert "view.csv: status 'Gagn\u00e9' is not known: taken as open; correct the stage map" in said
    deals = "Deal - ID;Deal - Title;Deal - Value;Deal - Status;Deal - Stage;Deal - Deal created\n"
    text = refused(tmp_path / "b", "pipedrive", deals__csv=deals + "1;A;1;Vinto;Offer;2026-02-30\n")
    assert text == "deals.csv, line 2, Deal - Deal created: write a date as 2026-06-30 (found: 2026-02-30)"


def test_pages_of_dataverse(tmp_path):
    page = {"value": [{
        "opportunityid": "g1", "name": "Pump", "_customerid_value": "c1", "estimatedvalue": 100.0,
        "statecode": 1,
        "_customerid_value@OData.Community.Display.V1.FormattedValue": "Acme",
        "createdon": "2026-01-01T08:00:00Z",
        "actualvalue": 90.0, "actualclosedate": "2026-02-01", "closeprobability": 100,
    }]}  # fmt: skip
    source, _ = imported(tmp_path, "dynamics", page__json=json.dumps(page))
    assert source.tables["customers"][["customer_id", "name"]].values.tolist() == [["c1", "Acme"]]
    assert source.tables["opportunities"]["value"].tolist() == [90]
    assert path_of(source, "g1") == ["Won"]


@pytest.mark.parametrize("system", ["hubspot", "pipedrive", "dynamics"])
def test_a_file_of_another_system_is_refused_with_the_right_name(tmp_path, system):
    text = refused(tmp_path, system, o__csv=SF + "1,A,N,New,1,2026-05-01,0,0,2026-01-01\n")
    assert "looks like an export of Salesforce: vs-toolkit import salesforce o.csv" in text


def test_the_stage_map_is_the_users_once_it_is_written(tmp_path):
    one = SF + "1,A,N,New,1,2026-05-01,0,0,2026-01-01\n"
    source, _ = imported(tmp_path, "salesforce", o__csv=one)
    path = tmp_path / "source" / "_stages.csv"
    path.write_text(path.read_text().replace(",New,New,", ",New,Lead qualified,"))
    two = one + "2,A,N,Offer,1,2026-05-01,0,0,2026-01-01\n"
    source, said = imported(tmp_path, "salesforce", o__csv=two)
    assert path_of(source, "1") == ["Lead qualified"]
    assert path_of(source, "2") == ["Offer"]
    assert "1 stages are new in the stage map: Offer" in said


def test_a_newer_export_updates_the_source_and_keeps_forecasts_and_adoptions(tmp_path):
    imported(
        tmp_path,
        "salesforce",
        o__csv=SF + "1,A,N,New,1,2026-05-01,0,0,2026-01-01\n9,A,N,New,1,2026-05-01,0,0,2026-01-01\n",
    )
    folder = tmp_path / "source"
    kept = "taken_on,unit,month,method,expected_orders\n2026-01-31,North,2026-02-01,landmark,1.5\n"
    (folder / "forecast_snapshots.csv").write_text(kept)
    statuses = pd.read_csv(folder / "statuses.csv")
    statuses.assign(adopted_probability=0.25, adopted_on="2026-01-31").to_csv(
        folder / "statuses.csv", index=False
    )
    source, said = imported(
        tmp_path, "salesforce", o__csv=SF + "1,A,N,Closed Won,7,2026-05-01,1,1,2026-01-01\n"
    )
    assert (folder / "forecast_snapshots.csv").read_text() == kept
    assert source.tables["opportunities"]["value"].tolist() == [7]
    assert "1 opportunities of the import before are not in this one" in said
    adopted = source.tables["statuses"].set_index("status")["adopted_probability"]
    assert adopted["New"] == 0.25


def test_a_folder_with_tables_of_somebody_else_is_not_written_to(tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "customers.csv").write_text("customer_id,name\nC1,A\n")
    text = refused(tmp_path, "salesforce", o__csv=SF + "1,A,N,New,1,2026-05-01,0,0,2026-01-01\n")
    assert "holds tables that no import wrote (customers.csv)" in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tables: {customer: {file: a.csv}}", "not a table; did you mean 'customers'?"),
        ("tables: {customers: {file: a.csv, columns: {customer: x}}}",
        "'customer' is not a column of customers"),
        ("tables: {customers: {file: a.csv, columns: {customer_id: idd, name: Name}}}",
        "the file lacks it; did you mean 'Id'?"),
        ("tables: {customers: {file: b.csv}}", "no file to import was found"),
        ("table: {}", "unknown field; did you mean 'tables'?"),
    ],
)  # fmt: skip
def test_a_mapping_file_that_does_not_fit_says_where(tmp_path, text, words):
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(text)
    assert words in refused(tmp_path, "csv", Options(mapping=mapping), a__csv="Id,Name\n1,A\n")


def test_amounts_are_written_so_that_they_cannot_be_misread(tmp_path):
    source, _ = imported(
        tmp_path,
        "salesforce",
        o__csv=SF
        + "1,A,N,New,12.5001,2026-05-01,0,0,2026-01-01\n2,A,N,New,1.1250,2026-05-01,0,0,2026-01-01\n",
    )
    assert "1.1250" in (tmp_path / "source" / "opportunities.csv").read_text()
    assert source.tables["opportunities"]["value"].tolist() == [12.5001, 1.125]
