#!/usr/bin/env bash
# Everything in containers, for real: build, start, run, look, kill, restart. Needs a Docker engine
# and Chromium; not part of `make test`. It has a project, volumes and ports of its own, and removes
# them at the end. One line a step; the first step that fails ends it.
set -euo pipefail
cd "$(dirname "$0")/../.."

python=${PYTHON:-.venv/bin/python}
export COMPOSE_PROJECT_NAME=spacex-system-test
export SPACEX_PREFECT_PORT=14200 SPACEX_DASHBOARD_PORT=18866 SPACEX_JUPYTER_PORT=18888
export SPACEX_JUPYTER_TOKEN=system-test
nobody=http://127.0.0.1:1 # no service: the first start is offline
export SPACEX_BASE_URL=$nobody SPACEX_CELESTRAK_URL=$nobody SPACEX_LAUNCHLIBRARY_URL=$nobody
export SPACEX_ATTEMPTS=1
prefect=http://127.0.0.1:$SPACEX_PREFECT_PORT
dashboard=http://127.0.0.1:$SPACEX_DASHBOARD_PORT
lab=http://127.0.0.1:$SPACEX_JUPYTER_PORT
services=(prefect-server etl-flow dashboard jupyterlab)
log=$(mktemp) backup=$(mktemp)

compose() { docker compose --env-file /dev/null "$@"; }
api() { "$python" tests/system/prefect_api.py "$prefect" "$@"; }
look() { "$python" tests/system/look.py "$@"; }
ago() { echo "$((SECONDS - $1)) s"; }
end() {
  status=$?
  [ $status = 0 ] || { echo "FAILED:"; tail -30 "$log"; compose logs --no-color --tail 30; }
  compose --profile scale down --volumes --remove-orphans >>"$log" 2>&1
  rm -f "$log" "$backup"
  exit $status
}
trap end EXIT

step() { # title, then a command whose last line of output is the result
  local title=$1 began=$SECONDS result
  shift
  result=$("$@" 2>>"$log") || { printf 'not ok  %s\n' "$title"; exit 1; }
  printf 'ok  %-46s %s (%s)\n' "$title" "$(tail -1 <<<"$result")" "$(ago "$began")"
}

healthy() { # services: wait until each says so
  local service
  for service in "$@"; do
    for _ in $(seq 1 180); do
      [ "$(compose ps --format '{{.Health}}' "$service" 2>/dev/null | sort -u)" = healthy ] && continue 2
      sleep 1
    done
    echo "$service is not healthy" >&2
    return 1
  done
  echo "healthy"
}

build() { compose build -q && docker image inspect spacex-insights --format '{{.Size}}' | awk '{printf "image of %.0f MB\n", $1 / 1e6}'; }
up() { compose up --detach --no-build >>"$log" 2>&1; }
runs() { compose exec -T dashboard python -c "from spacex.analysis import queries; from spacex.settings import settings; print(len(queries.runs(settings().database, 999)))"; }
first_data() {
  for _ in $(seq 1 300); do
    runs 2>/dev/null | grep -q '[1-9]' && { echo "data are there"; return; }
    sleep 0.5
  done
  return 1
}
shows_sample() { look "$dashboard" "Simulated sample"; }
shows_report() {
  local page
  page=$(api report | grep -o 'http[^)]*')
  case $page in "$lab"/*) ;; *) echo "the artifact links to $page" >&2; return 1 ;; esac
  look "$page?token=$SPACEX_JUPYTER_TOKEN" "Launches and landings"
}
locked_down() { # nobody gets a report without the token, and nothing runs as root or may write its own files
  local service
  look "$(api report | grep -o 'http[^)]*')" "Token authentication is enabled" >&2 || return 1
  for service in "${services[@]}"; do
    compose exec -T "$service" sh -c '[ "$(id -u)" != 0 ] && ! touch /app/x 2>/dev/null && grep -q "^CapEff:\s*0*$" /proc/self/status' || return 1
  done
  ! compose exec -T dashboard touch /app/data/x 2>/dev/null || return 1
  echo "no root, no capability, root file system and the dashboard's data read-only"
}
kill_in() { # a container: every child of its first process, which docker kill would not restart
  docker exec "$1" python -c '
import os, signal
stat = {pid: open(f"/proc/{pid}/stat").read() for pid in os.listdir("/proc") if pid.isdigit()}
for pid, line in stat.items():
    if line.rsplit(")", 1)[1].split()[1] == "1":
        os.kill(int(pid), signal.SIGKILL)' >&2 || true
}
die() { # kill what runs in a service; its container ends with it, and comes back by its restart policy
  local container before
  container=$(compose ps -q "$1")
  before=$(docker inspect --format '{{.RestartCount}}' "$container")
  kill_in "$container"
  for _ in $(seq 1 60); do
    [ "$(docker inspect --format '{{.RestartCount}}' "$container")" -gt "$before" ] && return
    sleep 0.5
  done
  echo "$1 was not restarted" >&2
  return 1
}
recovers() { die "$1" && healthy "$1"; }
etl_dies_in_a_run() {
  local run state
  run=$(api start)
  die etl-flow
  healthy etl-flow >&2
  state=$(api wait "$run")
  [ "$state" = CRASHED ] || { echo "the run is $state" >&2; return 1; }
  echo "the run is $state, the one at the start $(api latest)"
}
server_dies_in_a_run() {
  local run state
  run=$(api start)
  die prefect-server
  healthy prefect-server etl-flow >&2
  state=$(api wait "$run")
  [ "$state" = COMPLETED ] || { echo "the run is $state" >&2; return 1; }
  echo "the run is $state"
}
stored() { compose exec -T dashboard tar -C /app/data -cz raw runs starlink.db; }
backup() { stored >"$backup" && du -h "$backup" | cut -f1; }
restore() { # onto an empty machine
  compose down --volumes >&2
  compose run --rm --no-deps -T etl-flow tar -C /app/data -xz <"$backup" >&2
  up && healthy "${services[@]}"
}
restart() { compose restart >&2 && healthy "${services[@]}"; }
down_and_up() { compose down >&2 && up && healthy "${services[@]}"; }
kept() { # at least as many runs as there were
  local now
  now=$(runs)
  [ "$now" -ge "$1" ] && echo "$now runs in the database"
}

workers_die_in_a_run() {
  local run worker
  run=$(api start)
  for worker in $(compose ps -q etl-flow worker); do kill_in "$worker"; done
  echo "the run is $(api wait "$run")"
}
scale_up() { # the profile, on PostgreSQL: three workers, none of which serves by itself
  export COMPOSE_PROFILES=scale SPACEX_WORK_POOL=spacex SPACEX_POSTGRES_PASSWORD='a-password'
  export SPACEX_PREFECT_DATABASE_URL="postgresql+asyncpg://prefect:$SPACEX_POSTGRES_PASSWORD@postgres/prefect"
}

began=$SECONDS
step "the file is valid" sh -c 'docker compose config -q && docker compose --profile scale config -q && echo valid'
step "build" build
started=$SECONDS
up
step "first data, without a network" first_data
step "the dashboard shows them and says what they are" shows_sample
echo "    from up to a dashboard with data: $(ago "$started")"
step "all services are healthy" healthy "${services[@]}"
step "the run at the start" api latest
step "a run asked for over Prefect's API" api run
step "runs are scheduled" api scheduled
step "Prefect's page" look "$prefect" "Flow Runs"
step "the report, from the link in Prefect" shows_report
step "locked down" locked_down
for service in "${services[@]}"; do step "$service is killed, and comes back" recovers "$service"; done
step "etl-flow is killed in a run" etl_dies_in_a_run
step "prefect-server is killed in a run" server_dies_in_a_run
before=$(runs)
step "a run after all that" api run
step "all are restarted" restart
step "the data are there" kept "$((before + 1))"
step "down and up" down_and_up
step "the data are still there" kept "$((before + 1))"
step "backup" backup
step "restore onto an empty machine" restore
step "the data are back" kept "$((before + 1))"
step "the dashboard shows them again" shows_sample
if docker image inspect postgres:17-alpine >/dev/null 2>&1; then
  compose down >>"$log" 2>&1
  scale_up
  up
  step "several workers, on PostgreSQL" healthy "${services[@]}" postgres worker
  step "their run at the start" api latest
  step "a run that one of them takes" api run
  step "all workers are killed in a run" workers_die_in_a_run
  step "a run after that" api run
else
  echo "--  there is no image postgres:17-alpine: the profile scale is left out"
fi
echo "all passed in $(ago "$began")"
