import pytest

from tests.plan.made import plan_of

HEAD = "customer_id,customer_unit,offering,recorded_on,state,yearly_spend,our_sales,currency\n"
ROWS = HEAD + (
    "C1,North,Pump,2026-01-01,sold,100,70,EUR\n"
    "C1,North,Service,2026-01-01,open,60,,EUR\n"
    "C1,South,Pump,2026-01-01,competitor,40,,EUR\n"
    "C1,South,Service,2026-01-01,no need,,,EUR\n"
    "C1,East,Pump,2026-01-01,unknown,500,,EUR\n"
    "C1,East,Service,2026-01-01,open,,,EUR\n"
)


def test_potential_and_share(tmp_path):
    space = plan_of(tmp_path, white_space=ROWS).space
    # (100 - 70) + 60 + 40 = 130; ours 70 of 100 + 60 + 40 = 200
    assert space.potential == 130
    assert space.share == pytest.approx(0.35)
    assert space.unknown == 2  # the unknown cell, whatever stands there, and the open one without a spend
    assert space.grid("state").loc["South", "Service"] == "no need"
    assert space.grid("potential").loc["South", "Service"] == 0


def test_the_newest_row_of_a_cell_counts(tmp_path):
    later = ROWS + "C1,North,Pump,2026-03-01,competitor,100,,EUR\nC1,North,Pump,2026-09-01,sold,100,100,EUR\n"
    assert plan_of(tmp_path, white_space=later).space.potential == 200


def test_more_than_the_customer_spends_is_an_error(tmp_path):
    space = plan_of(tmp_path, white_space=HEAD + "C1,a,x,2026-01-01,sold,100,120,EUR\n").space
    assert len(space.excess) == 1
    assert space.potential == 0


def test_nothing_known_is_none(tmp_path):
    space = plan_of(tmp_path).space
    assert (space.potential, space.share, space.unknown) == (None, None, 0)


def test_the_share_falls_back_on_purchases(tmp_path):
    plan = plan_of(
        tmp_path,
        market="customer_id,year,known_on,purchases\nC1,2025,2026-02-01,400\nC1,2024,2025-02-01,100\n",
        sales="customer_id,month,net_sales\nC1,2025-03,60\nC1,2025-04,40\nC1,2024-04,1\n",
    )
    assert plan.customer_share == pytest.approx(0.25)
