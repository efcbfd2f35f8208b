"""A place on the ground, and where in its sky things are."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from spacex.errors import SettingsError
from spacex.orbits.earth import on_earth_km
from spacex.orbits.elements import Array


@dataclass(frozen=True, eq=False)
class LookAngles:
    """Directions from a place; all arrays have one shape.

    Attributes:
        azimuth_deg: from north through east, from 0 to below 360.
        elevation_deg: over the plane square to the vertical of the ellipsoid, without refraction,
            which lifts things by 0.5° at the horizon and by less than 0.1° from 10° up.
        range_km: distance in a straight line.
    """

    azimuth_deg: Array
    elevation_deg: Array
    range_km: Array


@dataclass(frozen=True)
class Place:
    """A place on the ground, on the ellipsoid of WGS 84.

    Attributes:
        latitude_deg: geodetic latitude, from -90 to 90.
        longitude_deg: east positive, from -180 to 360.
        height_km: height over the ellipsoid, from -1 to 100.

    Raises:
        SettingsError: a coordinate is not in its range.
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
            if not low <= value <= high:
                raise SettingsError(
                    f"A place has {name} {value}.", remedy=f"Give one from {low} to {high}."
                )

    @cached_property
    def position_km(self) -> Array:
        """The place in the Earth-fixed frame, km; shape (3,)."""
        return on_earth_km(self.latitude_deg, self.longitude_deg, self.height_km)

    @cached_property
    def axes(self) -> Array:
        """Unit vectors to the east, to the north and up, Earth-fixed, by row; shape (3, 3)."""
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
        """Directions to Earth-fixed positions.

        Args:
            earth_fixed_km: shape (..., 3), km.

        Returns:
            Arrays of shape (...); NaN where the position is.
        """
        local = (earth_fixed_km - self.position_km) @ self.axes.T
        east, north, up = local[..., 0], local[..., 1], local[..., 2]
        along = np.hypot(east, north)
        azimuth = np.degrees(np.arctan2(east, north)) % 360
        return LookAngles(azimuth, np.degrees(np.arctan2(up, along)), np.hypot(along, up))
