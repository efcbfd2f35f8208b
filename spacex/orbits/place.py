"""A place on the ground, and directions from it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from spacex.errors import SettingsError
from spacex.orbits.earth import on_earth_km
from spacex.orbits.elements import Array


@dataclass(frozen=True, eq=False)
class LookAngles:
    """Directions from a place; all arrays have the same shape.

    Attributes:
        azimuth_deg: clockwise from north, from 0 to below 360.
        elevation_deg: over the plane normal to the ellipsoid's vertical, without refraction, which
            is 0.5° at the horizon and below 0.1° above 10°.
        range_km: straight-line distance.
    """

    azimuth_deg: Array
    elevation_deg: Array
    range_km: Array


@dataclass(frozen=True)
class Place:
    """A place on the ground, on the WGS 84 ellipsoid.

    Attributes:
        latitude_deg: geodetic latitude, from -90 to 90.
        longitude_deg: east positive, from -180 to 360.
        height_km: height over the ellipsoid, from -1 to 100.

    Raises:
        SettingsError: a coordinate is not a number, or is out of range.
    """

    latitude_deg: float
    longitude_deg: float
    height_km: float = 0.0

    def __post_init__(self) -> None:
        for name, low, high in (
            ("latitude_deg", -90, 90),
            ("longitude_deg", -180, 360),
            ("height_km", -1, 100),
        ):
            value = getattr(self, name)
            is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
            if not (is_number and low <= value <= high):
                raise SettingsError(
                    f"{name} of a place is {value!r}.", remedy=f"Give a value from {low} to {high}."
                )

    @cached_property
    def position_km(self) -> Array:
        """Earth-fixed position, km; shape (3,)."""
        return on_earth_km(self.latitude_deg, self.longitude_deg, self.height_km)

    @cached_property
    def axes(self) -> Array:
        """Earth-fixed unit vectors east, north and up, by row; shape (3, 3)."""
        latitude, longitude = np.radians(self.latitude_deg), np.radians(self.longitude_deg)
        up = np.array(
            (
                np.cos(latitude) * np.cos(longitude),
                np.cos(latitude) * np.sin(longitude),
                np.sin(latitude),
            )
        )
        east = np.array((-np.sin(longitude), np.cos(longitude), 0.0))
        return np.stack((east, np.cross(up, east), up))

    def look(self, earth_fixed_km: Array) -> LookAngles:
        """Return the directions to Earth-fixed positions.

        Args:
            earth_fixed_km: shape (..., 3), km.

        Returns:
            Arrays of shape (...); NaN if the position is.
        """
        local = (earth_fixed_km - self.position_km) @ self.axes.T
        east, north, up = local[..., 0], local[..., 1], local[..., 2]
        along = np.hypot(east, north)
        azimuth = np.degrees(np.arctan2(east, north)) % 360
        return LookAngles(azimuth, np.degrees(np.arctan2(up, along)), np.hypot(along, up))


def compass(azimuth_deg: float) -> str:
    """Return the nearest of the eight points of the compass.

    >>> compass(91.0), compass(350.0)
    ('E', 'N')
    """
    names = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
    return names[round(azimuth_deg / 45) % len(names)]
