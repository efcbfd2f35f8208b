# One image for all services. The dependencies are those of requirements.lock, checked by hash.

FROM python:3.13-slim AS build
ARG UV_VERSION=0.13.9
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN pip install --quiet --no-cache-dir --disable-pip-version-check --root-user-action ignore uv==${UV_VERSION}
WORKDIR /app
COPY requirements.lock .
RUN --mount=type=cache,target=/root/.cache/uv \
    uv venv --quiet /venv && \
    VIRTUAL_ENV=/venv uv pip install --quiet --require-hashes -r requirements.lock && \
    find /venv/lib -type d -path '*/site-packages/[np]*/tests' -prune -exec rm -rf {} +
# Prefect's page asks an analytics service for its settings even where analytics are off. Without
# the key that stands in the page's script it does not.
RUN find /venv/lib -path '*/prefect/server/ui*' -name 'index-*.js' \
        -exec sed -i 's/{return`[0-9a-f]\{32\}`}/{return``}/' {} +
COPY pyproject.toml README.md LICENSE ./
COPY spacex spacex
COPY flows flows
# Editable, so that the package finds the notebooks beside it, as in a checkout.
RUN VIRTUAL_ENV=/venv uv pip install --quiet --offline --no-deps --no-build-isolation --editable . && \
    /venv/bin/python -m compileall -q spacex flows

FROM python:3.13-slim
LABEL org.opencontainers.image.title="SpaceX Insights" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY prefect.yaml /app/
COPY notebooks /app/notebooks
# Group 0 may write what the user may: the user id can then be another one (SPACEX_UID).
RUN useradd --uid 1000 --gid 0 --no-create-home --home-dir /tmp spacex && \
    install -d -o 1000 -g 0 -m 2775 /app/data /prefect
ENV PATH=/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DO_NOT_TRACK=1 \
    PREFECT_SERVER_ANALYTICS_ENABLED=false \
    SPACEX_PROJECT_DIR=/app
WORKDIR /app
USER 1000:0
CMD ["spacex", "--help"]
