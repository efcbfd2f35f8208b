"""The r/SpaceX API, version 4: launches, hardware and Starlink satellites up to October 2022.

The service is available, but its data have not been updated since; some past launches are still
marked as upcoming.
"""

from spacex.sources.mapping import Coded, Constant, Parsed, TableMapping, same
from spacex.sources.omm import ELEMENT_COLUMNS
from spacex.sources.satcat import OBJECT_TYPES, launch_designator
from spacex.sources.source import Endpoint, Source, endpoints

ROCKETS = Endpoint(
    "rockets",
    (
        TableMapping(
            table="rockets",
            columns={
                "rocket_id": "id",
                "name": "name",
                "is_active": "active",
                "stage_count": "stages",
                "booster_count": "boosters",
                "height_m": "height.meters",
                "diameter_m": "diameter.meters",
                "mass_kg": "mass.kg",
                "cost_per_launch_usd": "cost_per_launch",
                "success_rate_pct": "success_rate_pct",
                "first_flight_date": "first_flight",
                **same("country", "company"),
                "landing_leg_count": "landing_legs.number",
                "landing_leg_material": "landing_legs.material",
                "fairing_height_m": "second_stage.payloads.composite_fairing.height.meters",
                "fairing_diameter_m": "second_stage.payloads.composite_fairing.diameter.meters",
                "payload_option": "second_stage.payloads.option_1",
                "wikipedia_url": "wikipedia",
                "description": "description",
            },
        ),
        TableMapping(
            table="rocket_stages",
            columns={
                "rocket_id": "id",
                "stage_number": Constant(1),
                "is_reusable": "first_stage.reusable",
                "engine_count": "first_stage.engines",
                "thrust_sea_level_kn": "first_stage.thrust_sea_level.kN",
                "thrust_vacuum_kn": "first_stage.thrust_vacuum.kN",
                "propellant_t": "first_stage.fuel_amount_tons",
                "burn_time_s": "first_stage.burn_time_sec",
            },
        ),
        TableMapping(
            table="rocket_stages",
            columns={
                "rocket_id": "id",
                "stage_number": Constant(2),
                "is_reusable": "second_stage.reusable",
                "engine_count": "second_stage.engines",
                "thrust_vacuum_kn": "second_stage.thrust.kN",
                "propellant_t": "second_stage.fuel_amount_tons",
                "burn_time_s": "second_stage.burn_time_sec",
            },
        ),
        TableMapping(
            table="rocket_engines",
            columns={
                "rocket_id": "id",
                "engine_type": "engines.type",
                "engine_version": "engines.version",
                "engine_count": "engines.number",
                "layout": "engines.layout",
                "engine_loss_max": "engines.engine_loss_max",
                "oxidizer": "engines.propellant_1",
                "fuel": "engines.propellant_2",
                "isp_sea_level_s": "engines.isp.sea_level",
                "isp_vacuum_s": "engines.isp.vacuum",
                "thrust_sea_level_kn": "engines.thrust_sea_level.kN",
                "thrust_vacuum_kn": "engines.thrust_vacuum.kN",
                "thrust_to_weight": "engines.thrust_to_weight",
            },
        ),
        TableMapping(
            table="rocket_payload_weights",
            each="payload_weights",
            columns={
                "rocket_id": "^id",
                "orbit_code": "id",
                "orbit_name": "name",
                "mass_kg": "kg",
            },
        ),
    ),
)

LAUNCHPADS = Endpoint(
    "launchpads",
    (
        TableMapping(
            table="launchpads",
            columns={
                "launchpad_id": "id",
                **same("name", "full_name", "locality", "region", "timezone"),
                "latitude_deg": "latitude",
                "longitude_deg": "longitude",
                **same("launch_attempts", "launch_successes", "status", "details"),
            },
        ),
    ),
)

LANDPADS = Endpoint(
    "landpads",
    (
        TableMapping(
            table="landpads",
            columns={
                "landpad_id": "id",
                **same("name", "full_name", "type", "locality", "region"),
                "latitude_deg": "latitude",
                "longitude_deg": "longitude",
                **same("landing_attempts", "landing_successes", "status"),
                "wikipedia_url": "wikipedia",
                "details": "details",
            },
        ),
    ),
)

CORES = Endpoint(
    "cores",
    (
        TableMapping(
            table="cores",
            columns={
                "core_id": "id",
                **same("serial", "block", "status", "reuse_count", "last_update"),
                **same("rtls_attempts", "rtls_landings", "asds_attempts", "asds_landings"),
            },
        ),
    ),
)


def _parties(role: str, each: str) -> TableMapping:
    return TableMapping(
        table="payload_parties",
        each=each,
        columns={"payload_id": "^id", "role": Constant(role), "position": "#", "name": "."},
    )


PAYLOADS = Endpoint(
    "payloads",
    (
        TableMapping(
            table="payloads",
            columns={
                "payload_id": "id",
                **same("name", "type"),
                "launch_id": "launch",
                "is_reused": "reused",
                **same("mass_kg", "orbit", "reference_system", "regime"),
                "longitude_deg": "longitude",
                **same("semi_major_axis_km", "eccentricity"),
                "perigee_altitude_km": "periapsis_km",
                "apogee_altitude_km": "apoapsis_km",
                **same("inclination_deg", "period_min"),
                "mean_motion_rev_per_day": "mean_motion",
                "raan_deg": "raan",
                "arg_of_pericenter_deg": "arg_of_pericenter",
                "mean_anomaly_deg": "mean_anomaly",
                "epoch_utc": "epoch",
                "lifespan_years": "lifespan_years",
                "capsule_id": "dragon.capsule",
                "mass_returned_kg": "dragon.mass_returned_kg",
                "flight_time_s": "dragon.flight_time_sec",
                "manifest_url": "dragon.manifest",
                "has_landed_on_water": "dragon.water_landing",
                "has_landed_on_land": "dragon.land_landing",
            },
        ),
        _parties("customer", "customers"),
        _parties("manufacturer", "manufacturers"),
        _parties("nationality", "nationalities"),
        TableMapping(
            table="payload_norad_ids",
            each="norad_ids",
            columns={"payload_id": "^id", "position": "#", "norad_cat_id": "."},
        ),
    ),
)

LAUNCHES = Endpoint(
    "launches",
    (
        TableMapping(
            table="launches",
            columns={
                "launch_id": "id",
                **same("flight_number", "name", "date_utc", "date_local", "date_precision"),
                "is_upcoming": "upcoming",
                "is_tbd": "tbd",
                "is_net": "net",
                "success": "success",
                "rocket_id": "rocket",
                "launchpad_id": "launchpad",
                "window_s": "window",
                "static_fire_utc": "static_fire_date_utc",
                "has_fairings": "fairings!",
                "fairings_reused": "fairings?.reused",
                "fairings_recovery_attempt": "fairings?.recovery_attempt",
                "fairings_recovered": "fairings?.recovered",
                "fairings_ship_count": "fairings?.ships#",
                "crew_count": "crew#",
                "ship_count": "ships#",
                "capsule_count": "capsules#",
                "is_auto_updated": "auto_update",
                "launch_library_id": "launch_library_id",
                "webcast_url": "links.webcast",
                "youtube_id": "links.youtube_id",
                "article_url": "links.article",
                "wikipedia_url": "links.wikipedia",
                "presskit_url": "links.presskit",
                "patch_small_url": "links.patch.small",
                "patch_large_url": "links.patch.large",
                "reddit_campaign_url": "links.reddit.campaign",
                "reddit_launch_url": "links.reddit.launch",
                "reddit_media_url": "links.reddit.media",
                "reddit_recovery_url": "links.reddit.recovery",
                "photo_count": "links.flickr.original#",
                "details": "details",
            },
        ),
        TableMapping(
            table="launch_failures",
            each="failures",
            columns={
                "launch_id": "^id",
                "failure_index": "#",
                "time_s": "time",
                "altitude_km": "altitude",
                "reason": "reason",
            },
        ),
        TableMapping(
            table="launch_cores",
            each="cores",
            columns={
                "launch_id": "^id",
                "core_index": "#",
                "core_id": "core",
                "flight": "flight",
                "has_gridfins": "gridfins",
                "has_legs": "legs",
                "is_reused": "reused",
                **same("landing_attempt", "landing_success", "landing_type"),
                "landpad_id": "landpad",
            },
        ),
        TableMapping(
            table="launch_payloads",
            each="payloads",
            columns={"launch_id": "^id", "payload_index": "#", "payload_id": "."},
        ),
    ),
    adds_to=("cores", "payloads"),
)

STARLINK = Endpoint(
    "starlink",
    (
        TableMapping(
            table="starlink",
            columns={
                "norad_cat_id": "spaceTrack.NORAD_CAT_ID",
                "starlink_id": "id",
                "object_name": "spaceTrack.OBJECT_NAME",
                "object_id": "spaceTrack.OBJECT_ID",
                "object_type": "spaceTrack.OBJECT_TYPE",
                "version": "version",
                "launch_id": "launch",
                "launch_date": "spaceTrack.LAUNCH_DATE",
                "launch_site": "spaceTrack.SITE",
                "country_code": "spaceTrack.COUNTRY_CODE",
                "rcs_size": "spaceTrack.RCS_SIZE",
                "is_decayed": "spaceTrack.DECAYED",
                "decay_date": "spaceTrack.DECAY_DATE",
                "epoch_utc": "spaceTrack.EPOCH",
                "latitude_deg": "latitude",
                "longitude_deg": "longitude",
                "height_km": "height_km",
                "velocity_km_s": "velocity_kms",
            },
        ),
        TableMapping(
            table="catalogue_objects",
            columns={
                "catalogue_id": "id",
                "norad_cat_id": "spaceTrack.NORAD_CAT_ID",
                "object_name": "spaceTrack.OBJECT_NAME",
                "object_id": "spaceTrack.OBJECT_ID",
                "launch_designator": Parsed("spaceTrack.OBJECT_ID", launch_designator),
                "object_type": Coded("spaceTrack.OBJECT_TYPE", OBJECT_TYPES),
                "is_starlink": Constant(1),
                "operational_status": Coded("spaceTrack.DECAYED", {0: None, 1: "decayed"}),
                "launch_id": "launch",
                "launch_date": "spaceTrack.LAUNCH_DATE",
                "launch_site": "spaceTrack.SITE",
                "country_code": "spaceTrack.COUNTRY_CODE",
                "rcs_size": "spaceTrack.RCS_SIZE",
                "decay_date": "spaceTrack.DECAY_DATE",
                "version": "version",
            },
        ),
        TableMapping(
            table="starlink_elements",
            columns={
                **{column: f"spaceTrack.{field}" for column, field in ELEMENT_COLUMNS.items()},
                "creation_utc": "spaceTrack.CREATION_DATE",
                "gp_id": "spaceTrack.GP_ID",
                "published_semi_major_axis_km": "spaceTrack.SEMIMAJOR_AXIS",
                "published_perigee_altitude_km": "spaceTrack.PERIAPSIS",
                "published_apogee_altitude_km": "spaceTrack.APOAPSIS",
                "published_period_min": "spaceTrack.PERIOD",
            },
            expect={
                "spaceTrack.CENTER_NAME": "EARTH",
                "spaceTrack.REF_FRAME": "TEME",
                "spaceTrack.TIME_SYSTEM": "UTC",
                "spaceTrack.MEAN_ELEMENT_THEORY": "SGP4",
            },
        ),
    ),
)

SPACEXDATA = Source(
    name="spacexdata",
    title="r/SpaceX API v4 (archive 2006-2022)",
    licence="Apache-2.0, r/SpaceX API; orbital data from Space-Track.org",
    endpoints=endpoints(ROCKETS, LAUNCHPADS, LANDPADS, CORES, PAYLOADS, LAUNCHES, STARLINK),
)
