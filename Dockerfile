# The image of all services, with the packages of requirements.lock, verified by hash.

FROM python:3.13-slim AS build
ARG UV_VERSION=0.13.9
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN pip install --quiet --no-cache-dir --disable-pip-version-check --root-user-action ignore uv==${UV_VERSION}
WORKDIR /app
COPY requirements.lock .
# --no-deps: the lock is complete, and leaves out what pyproject.toml overrides.
RUN --mount=type=cache,target=/root/.cache/uv \
    uv venv --quiet /venv && \
    VIRTUAL_ENV=/venv uv pip install --quiet --no-deps --require-hashes -r requirements.lock && \
    find /venv/lib -type d -path '*/site-packages/[np]*/tests' -prune -exec rm -rf {} +
COPY pyproject.toml README.md LICENSE ./
COPY spacex spacex
COPY flows flows
# Editable: the package finds the notebooks in /app, as in a checkout.
RUN VIRTUAL_ENV=/venv uv pip install --quiet --offline --no-deps --no-build-isolation --editable . && \
    /venv/bin/python -m compileall -q spacex flows

FROM python:3.13-slim
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY prefect.yaml /app/
COPY notebooks /app/notebooks
# Group 0 has the user's write permissions, so that SPACEX_UID may be any user id.
RUN useradd --uid 1000 --gid 0 --no-create-home --home-dir /tmp spacex && \
    install -d -o 1000 -g 0 -m 2775 /app/data /app/backups /prefect && install -d -o 1000 -g 0 -m 2770 /access
ENV PATH=/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DO_NOT_TRACK=1 \
    PREFECT_SERVER_ANALYTICS_ENABLED=false \
    NO_PROXY=localhost,127.0.0.1,::1,prefect-server,postgres \
    no_proxy=localhost,127.0.0.1,::1,prefect-server,postgres \
    SPACEX_PROJECT_DIR=/app
WORKDIR /app
ARG REVISION=unknown
LABEL org.opencontainers.image.title="SpaceX Insights" \
      org.opencontainers.image.description="A workbench over SpaceX and Starlink open data" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="MIT"
USER 1000:0
CMD ["spacex", "--help"]
