"""The twin's physics against a numerical integral and published orders of magnitude."""

from math import exp

import numpy as np
import pytest
from scipy.integrate import quad

from simulators.twin.optics import Room
from simulators.twin.radiance import band_radiance, radiance_of, to_apparent, to_radiance

H, C, K = 6.62607015e-34, 299_792_458.0, 1.380649e-23


def planck(temperature_c):
    """Integrate Planck's law from 8 to 14 µm, W m^-2 sr^-1."""
    kelvin = temperature_c + 273.15

    def spectral(wavelength_m):
        return 2 * H * C**2 / wavelength_m**5 / (exp(H * C / (wavelength_m * K * kelvin)) - 1)

    return quad(spectral, 8e-6, 14e-6, epsrel=1e-10)[0]


def apparent(radiance):
    return float(to_apparent(np.array([[radiance]], dtype=np.float32))[0, 0])


@pytest.mark.parametrize("temperature_c", [-40.0, 0.0, 22.0, 36.0, 45.0, 120.0])
def test_band_radiance_is_the_integral_of_plancks_law(temperature_c):
    value = float(band_radiance(np.array(temperature_c)))
    assert value == pytest.approx(planck(temperature_c), rel=1e-7)
    assert radiance_of(temperature_c) == pytest.approx(value, rel=1e-6)


def test_apparent_temperature_turns_radiance_back_within_a_millikelvin():
    temperatures_c = np.linspace(-60, 240, 4001, dtype=np.float32).reshape(1, -1)
    assert np.abs(to_apparent(to_radiance(temperatures_c)) - temperatures_c).max() < 2e-3


@pytest.mark.parametrize(
    ("emissivity", "surroundings_c", "error_c"),
    [(0.98, 18, -0.33), (0.98, 22, -0.26), (0.98, 28, -0.15), (0.95, 22, -0.66), (0.99, 22, -0.13)],
)
def test_skin_mirrors_its_surroundings(emissivity, surroundings_c, error_c):
    seen = emissivity * radiance_of(36) + (1 - emissivity) * radiance_of(surroundings_c)
    assert apparent(seen) - 36 == pytest.approx(error_c, abs=0.006)


@pytest.mark.parametrize(("share", "error_c"), [(0.99, -0.13), (0.98, -0.26), (0.97, -0.40)])
def test_air_lays_its_own_light_over_what_it_takes(share, error_c):
    seen = share * radiance_of(36) + (1 - share) * radiance_of(22)
    assert apparent(seen) - 36 == pytest.approx(error_c, abs=0.006)


def test_air_takes_more_over_a_longer_way_and_when_it_is_damp():
    dry, damp = Room(humidity_pct=15), Room(humidity_pct=80)
    assert dry.transmittance(0) == 1.0
    ways = [damp.transmittance(d) for d in (0.5, 1, 2, 5)]
    assert ways == sorted(ways, reverse=True)
    assert dry.transmittance(3) > damp.transmittance(3)
    # FLIR's own formula at 1 m, 20 °C, 50 %, worked by hand: two halves of sqrt(0.5).
    assert Room(air_c=20, humidity_pct=50).transmittance(1.0) == pytest.approx(0.9915, abs=5e-4)
