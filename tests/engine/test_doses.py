"""Doses as the sources print them, put on one scale."""

import pytest

from livingreview.derive.doses import normalise


@pytest.mark.parametrize(
    ("dose", "unit", "molar_mass", "values", "norm"),
    [
        ("10; 20; 50", "μmol/L", None, (10, 20, 50), "µmol/L"),  # Greek mu
        ("0.1", "nmol/L", None, (0.0001,), "µmol/L"),
        ("100; 0.1", "nmol/mL", None, (100, 0.1), "µmol/L"),
        ("1×10⁻⁵", "mmol/L", None, (0.01,), "µmol/L"),
        ("10^-8–10^-5", "M", None, (0.01, 10), "µmol/L"),
        ("10", "μg/mL", 200.0, (50,), "µmol/L"),
        ("10", "μg/mL", None, (10,), "µg/mL"),
        ("0.625; 1.25", "g/kg", None, (625, 1250), "mg/kg"),
        ("80", "mg/kg/d", None, (80,), "mg/kg"),
        ("0.02", "% of diet", None, (0.02,), "% of diet"),
    ],
)
def test_printed_doses_are_put_on_one_scale(dose, unit, molar_mass, values, norm):
    found = normalise(dose, unit, molar_mass)
    assert found.values == pytest.approx(values)
    assert found.unit == norm


def test_a_range_is_told_from_a_series():
    assert normalise("1–10", "μmol/L").is_range
    assert normalise("1; 10", "μmol/L").is_range is False


@pytest.mark.parametrize(
    ("dose", "unit", "word"),
    [("ten", "mg/kg", "ten"), ("10, 20", "mg/kg", "10, 20"), ("10", "spoons", "spoons")],
)
def test_what_cannot_be_read_is_named(dose, unit, word):
    with pytest.raises(ValueError, match=word):
        normalise(dose, unit)
