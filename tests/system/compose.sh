#!/usr/bin/env bash
# System test in real containers: build, start, run, open the pages, kill, restart. Needs a Docker engine
# and Chromium; not part of `make test`. Uses its own project, volumes and ports, and removes them at the
# end. Prints one line per step and stops at the first failure. FORMER is the commit to upgrade from; by
# default the last tag. SLOW_CPUS=0.3 adds a start on a machine so slow, and the loss of all workers.
set -euo pipefail
cd "$(dirname "$0")/../.."

python=${PYTHON:-.venv/bin/python}
export COMPOSE_PROJECT_NAME=spacex-system-test
export SPACEX_PREFECT_PORT=14200 SPACEX_DASHBOARD_PORT=18866 SPACEX_JUPYTER_PORT=18888 SPACEX_API_PORT=18001
export COMPOSE_PROFILES=api
export SPACEX_JUPYTER_TOKEN=system-test
closed=http://127.0.0.1:1 # nothing listens here: the first start is offline
export SPACEX_BASE_URL=$closed SPACEX_CELESTRAK_URL=$closed SPACEX_LAUNCHLIBRARY_URL=$closed
SPACEX_REVISION=$(git describe --always --dirty)
export SPACEX_ATTEMPTS=1 SPACEX_REVISION
prefect=http://127.0.0.1:$SPACEX_PREFECT_PORT
dashboard=http://127.0.0.1:$SPACEX_DASHBOARD_PORT
lab=http://127.0.0.1:$SPACEX_JUPYTER_PORT
services=(prefect-server etl-flow dashboard jupyterlab api)
log=$(mktemp) backup=$(mktemp) sums=$(mktemp)

compose() { docker compose --env-file /dev/null "$@"; }
password() { compose exec -T prefect-server spacex prefect-password; }
api() { PREFECT_PASSWORD=$(password) "$python" tests/system/prefect_api.py "$prefect" "$@"; }
look() { "$python" tests/system/look.py "$@"; }
shows_prefect() { PREFECT_PASSWORD=$(password) look "$prefect" "Flow Runs"; }
ago() { echo "$((SECONDS - $1)) s"; }
end() {
  status=$?
  set +e # clean up everything
  [ $status = 0 ] || { echo "FAILED:"; tail -30 "$log"; compose logs --no-color --tail 30; }
  compose --profile scale --profile api down --volumes --remove-orphans >>"$log" 2>&1
  docker volume rm "${COMPOSE_PROJECT_NAME}_full" >>"$log" 2>&1
  git worktree remove --force "$former_tree" 2>>"$log"
  rm -f "$log" "$backup" "$sums"
  exit $status
}
trap end EXIT

step() { # args: title, command; reports the last line of the command's output
  local title=$1 began=$SECONDS result
  shift
  result=$("$@" 2>>"$log") || { printf 'not ok  %s\n' "$title"; exit 1; }
  printf 'ok  %-46s %s (%s)\n' "$title" "$(tail -1 <<<"$result")" "$(ago "$began")"
}

healthy() { # args: services; wait until each is healthy
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
first_data() { # arg: longest wait, s
  local deadline=$((SECONDS + $1))
  until runs 2>/dev/null | grep -q '[1-9]'; do
    [ "$SECONDS" -lt "$deadline" ] || { echo "no data after $1 s" >&2; return 1; }
    sleep 0.5
  done
  echo "data available"
}
slow_start() { # arg: CPUs of each container; all others wait for Prefect's server, unaided
  export SPACEX_CPUS=$1
  compose down --volumes >&2
  up && first_data 1800
}
shows_sample() { look "$dashboard" "Simulated sample"; }
shows_lab() { look "$lab/lab?token=$SPACEX_JUPYTER_TOKEN" "prefect.yaml"; }
shows_report() {
  local page
  page=$(api report | grep -o 'http[^)]*')
  case $page in "$dashboard"/reports/*) ;; *) echo "the artifact links to $page" >&2; return 1 ;; esac
  look "$page" "Launches and landings"
}
no_way_to_prefect() { # args: services
  local service
  for service in "$@"; do
    compose exec -T "$service" python -c "
import socket, sys
for host in ('prefect-server', '$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' "$(compose ps -q prefect-server)" | cut -d' ' -f1)'):
    try:
        socket.create_connection((host, 4200), timeout=3)
    except OSError:
        continue
    sys.exit(f'{host} can be reached')" >&2 || return 1
  done
  echo "not reached by $*"
}
tampered() { # args: deployments that somebody changes who has the password
  local state name
  state=$(api tamper 'touch /app/data/attacked')
  [ "$state" = COMPLETED ] || { echo "the run is $state" >&2; return 1; }
  ! compose exec -T etl-flow test -e /app/data/attacked || { echo "the script ran" >&2; return 1; }
  compose restart etl-flow >&2 && healthy etl-flow >&2
  for name in "$@"; do
    compose logs --no-color etl-flow | grep "deployment $name differs from the settings" >&2 || return 1
  done
  echo "the flow ran ($state), not the script; put right at the next start"
}
locked_down() { # notebooks require the token; no service runs as root or can write its own files
  local service
  look "$lab/lab" "Token authentication is enabled" >&2 || return 1
  for service in "${services[@]}"; do
    compose exec -T "$service" sh -c '[ "$(id -u)" != 0 ] && ! touch /app/x 2>/dev/null && grep -q "^CapEff:\s*0*$" /proc/self/status' || return 1
  done
  ! compose exec -T dashboard touch /app/data/x 2>/dev/null || return 1
  ! compose exec -T api touch /app/data/x 2>/dev/null || return 1
  compose exec -T etl-flow sh -c 'ls /prefect/storage | grep -q .' || return 1 # results, which can be code
  ! compose exec -T jupyterlab test -e /app/data/prefect -o -e /prefect/storage || return 1
  echo "no root, no capability, root file system and the dashboard's data read-only"
}
limits() { compose run --rm --no-deps -T dashboard python - <tests/system/limits.py; }
labels() {
  docker image inspect spacex-insights --format '{{json .Config.Labels}}' | "$python" -c "
import json, sys
from spacex import __version__
labels = json.load(sys.stdin)
version, revision = (labels['org.opencontainers.image.' + name] for name in ('version', 'revision'))
assert (version, revision) == (__version__, '$SPACEX_REVISION'), labels
print(f'version {version}, revision {revision}')"
}
kill_in() { # arg: container; kill the children of its init process, so that the restart policy applies
  docker exec "$1" python -c '
import os, signal
stat = {pid: open(f"/proc/{pid}/stat").read() for pid in os.listdir("/proc") if pid.isdigit()}
for pid, line in stat.items():
    if line.rsplit(")", 1)[1].split()[1] == "1":
        os.kill(int(pid), signal.SIGKILL)' >&2 || true
}
die() { # arg: service; kill its process and wait until the restart policy restarts the container
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
verified() { compose exec -T etl-flow spacex verify >&2; }
doctor() { # in each container, from which it looks at other things
  local service
  for service in "${services[@]}"; do
    compose exec -T "$service" spacex doctor >&2 || { echo "doctor finds a fault in $service" >&2; return 1; }
    compose exec -T "$service" spacex doctor --json | grep "\"container\": \"$service\"" >&2 || return 1
  done
  echo "no fault"
}
knows_alert_is_off() { # doctor finds what somebody with the password has switched off
  local found
  api switch-off >&2
  ! found=$(compose exec -T etl-flow spacex doctor) || return 1
  grep "automation .* differs from the settings" <<<"$found" >&2 || return 1
  compose restart etl-flow >&2 && healthy etl-flow >&2 && compose exec -T etl-flow spacex doctor >&2 || return 1
  echo "a fault; put right at the next start"
}
knows_deployment() { # doctor, of workers too, knows what prefect.yaml registers
  local service found
  for service in etl-flow worker; do
    found=$(compose exec -T "$service" spacex doctor) || true # the clock was set back above
    echo "$found" >&2
    ! grep "differs from the settings" <<<"$found" >&2 && grep "deployment is registered and active" <<<"$found" >&2 || return 1
  done
  echo "registered, active and unchanged"
}
refused() { # args: expected words, docker's options for the data; a run must end with a message
  local words=$1 output
  shift
  ! output=$(docker run --rm --read-only --tmpfs /tmp "$@" spacex-insights spacex run --source sample 2>&1) || return 1
  echo "$output" >&2
  ! grep -q Traceback <<<"$output" && grep "✗.*$words" <<<"$output"
}
full_volume() {
  docker volume create --driver local --opt type=tmpfs --opt device=tmpfs --opt o=size=30m,mode=777 "$1" >&2
  refused "MB free" --volume "$1:/app/data" || return 1
  docker volume rm "$1" >&2
}
read_only_volume() { # the dashboard's commands still work on it
  local data="${COMPOSE_PROJECT_NAME}_spacex-data:/app/data:ro"
  docker run --rm --read-only --tmpfs /tmp --volume "$data" spacex-insights spacex verify >&2 || return 1
  refused "no file can be created" --volume "$data"
}
clock_set_back() { # a run dated a day ahead, then one of today
  local ahead="from datetime import UTC, datetime, timedelta; from spacex import units
units.clock = lambda: datetime.now(UTC) + timedelta(days=1)" state
  compose exec -T -e PYTHONPATH=/tmp/ahead etl-flow sh -c \
    'mkdir -p /tmp/ahead && cat >/tmp/ahead/sitecustomize.py && spacex run --source sample' <<<"$ahead" >&2 || return 1
  state=$(api run) && verified && echo "the next run is $state, and all data are intact"
}
is_crashed() { # arg: run; its worker's heartbeats are awaited for 90 s
  local state
  state=$(api wait "$1")
  [ "$state" = CRASHED ] || { echo "the run is $state" >&2; return 1; }
  echo "the run is $state"
}
etl_dies_in_a_run() {
  local run state
  run=$(api start)
  die etl-flow
  healthy etl-flow >&2
  state=$(is_crashed "$run") && echo "$state, the run at start $(api latest)"
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
daily_backup() { compose exec -T etl-flow ls /app/backups | grep -x 'spacex-....-..-...tar.gz'; }
backup() {
  compose exec -T etl-flow spacex backup /app/backups/moved.tar.gz >&2
  compose exec -T etl-flow cat /app/backups/moved.tar.gz >"$backup" && du -h "$backup" | cut -f1
}
restore() { # to empty volumes
  compose down --volumes >&2
  compose run --rm --no-deps -T etl-flow sh -c \
    'cat >/app/backups/moved.tar.gz && spacex restore /app/backups/moved.tar.gz' <"$backup" >&2
  up && healthy "${services[@]}"
}
down_and_up() { compose down >&2 && up && healthy "${services[@]}"; }
kept() { # arg: smallest number of runs expected in the database
  local now
  now=$(runs)
  [ "$now" -ge "$1" ] && echo "$now runs in the database"
}

works() { docker top "$1" | grep "spawn_main" >&2; }
kill_worker_of() { # arg: run; only the worker that executes it
  local worker
  for worker in $(compose ps -q etl-flow worker); do
    ! works "$worker" || kill_in "$worker"
  done
  echo "$1"
}
spread() { # which workers execute four runs, of which one at a time may
  local run worker number=0 by=""
  for _ in 1 2 3 4; do
    run=$(api start) number=0
    for worker in $(compose ps -q etl-flow worker); do
      number=$((number + 1))
      ! works "$worker" || by+=" $number"
    done
    [ "$(api wait "$run")" = COMPLETED ] || return 1
  done
  echo "by workers$by"
}
workers_die_in_a_run() {
  local run worker
  run=$(api start)
  for worker in $(compose ps -q etl-flow worker); do kill_in "$worker"; done
  is_crashed "$run"
}
logs_are_json() { # args: services
  local container
  for container in $(compose ps -q "$@"); do docker logs "$container" 2>&1; done | "$python" -c "
import json, sys
lines = sys.stdin.read().splitlines()
text = [line for line in lines if not line.startswith('{') or not json.loads(line)]
sys.exit('\n'.join(text)) if text else print(f'{len(lines)} lines')"
}
scale_up() { # the profile scale: PostgreSQL and three workers
  export SPACEX_LOG=json
  export COMPOSE_PROFILES=api,scale SPACEX_WORK_POOL=spacex SPACEX_POSTGRES_PASSWORD='a-password'
  export SPACEX_PREFECT_DATABASE_URL="postgresql+asyncpg://prefect:$SPACEX_POSTGRES_PASSWORD@postgres/prefect"
}

former_tree=$(mktemp -d)
former=${FORMER:-$(git describe --tags --abbrev=0 2>/dev/null || true)}
former() { # the containers of that commit, on the same volumes
  docker compose --env-file /dev/null --file "$former_tree/docker-compose.yml" --project-directory "$former_tree" "$@"
}
former_data() { # leaves the sums of its snapshots in $sums
  git worktree add --detach --force "$former_tree" "$former" >&2 && former build -q >&2 && former up --detach --no-build >&2 || return 1
  until former exec -T dashboard test -e /app/data/starlink.db; do sleep 1; done
  "$python" tests/system/prefect_api.py "$prefect" latest >&2 || return 1 # before it had a password
  sums >"$sums" && former down >&2
  echo "release of $(git log -1 --format=%cs "$former"): $(wc -l <"$sums") files of snapshots"
}
sums() { compose exec -T etl-flow sh -c 'cd /app/data && find raw -name "*.gz" -o -name "*.meta.json" | sort | xargs sha256sum'; }
upgraded() {
  up && healthy "${services[@]}" >&2 && api latest >&2 || return 1
  sums | sort | comm -23 <(sort "$sums") - | grep . >&2 && return 1
  verified && compose exec -T etl-flow sh -c 'ls -d data/starlink.old-*.db' && compose down --volumes >&2
}

began=$SECONDS
step "valid compose file" sh -c 'docker compose config -q && docker compose --profile scale config -q && echo valid'
if [ -n "$former" ]; then
  step "data of the former release" former_data
  step "build" build
  step "upgraded" upgraded
else
  echo "--  upgrade skipped: no tag, and FORMER names no commit"
  step "build" build
fi
started=$SECONDS
up
step "first data, without a network" first_data 300
step "the dashboard marks the sample" shows_sample
echo "    from up to a dashboard with data: $(ago "$started")"
step "all services healthy" healthy "${services[@]}"
step "run at start" api latest
step "run through Prefect's API" api run
step "scheduled runs" api scheduled
step "doctor in each container" doctor
step "doctor knows that an alert is off" knows_alert_is_off
step "Prefect's page, with its password" shows_prefect
step "attacks on Prefect's server" "$python" tests/system/prefect_attacks.py "$prefect"
step "no way from other containers" no_way_to_prefect dashboard jupyterlab api
step "a deployment changed by others" tampered etl report
step "report behind its link in Prefect" shows_report
step "JupyterLab, which asks nothing" shows_lab
step "locked down" locked_down
step "labels of the image" labels
for service in "${services[@]}"; do step "$service killed and restarted" recovers "$service"; done
step "etl-flow killed during a run" etl_dies_in_a_run
step "prefect-server killed during a run" server_dies_in_a_run
before=$(runs)
step "next run" api run
step "clock set back by a day" clock_set_back
step "full volume" full_volume "${COMPOSE_PROJECT_NAME}_full"
step "read-only volume" read_only_volume
step "down and up" down_and_up
step "data kept" kept "$((before + 1))"
step "no run while the counts are compared" api latest
step "backup after the last run" daily_backup
step "backup" backup
step "restore to empty volumes" restore
step "data restored" kept "$((before + 1))"
step "the dashboard shows the data again" shows_sample
if [ -n "${SLOW_CPUS:-}" ]; then
  step "first data with $SLOW_CPUS of a CPU each" slow_start "$SLOW_CPUS"
else
  echo "--  slow machine skipped: SLOW_CPUS is not set"
fi
if docker image inspect postgres:17-alpine >/dev/null 2>&1; then
  compose down >>"$log" 2>&1
  scale_up
  up
  step "three workers on PostgreSQL" healthy "${services[@]}" postgres worker
  step "run at start" api latest
  step "run by a worker" api run
  step "doctor knows the deployment of workers" knows_deployment
  step "a deployment changed by others" tampered etl
  step "logs of JSON alone" logs_are_json prefect-server etl-flow worker dashboard
  step "attacks on Prefect's server" "$python" tests/system/prefect_attacks.py "$prefect"
  step "no way from other containers" no_way_to_prefect dashboard jupyterlab
  step "runs of three workers" spread
  killed=$(api start)
  step "a worker killed during its run" kill_worker_of "$killed"
  step "limits of a container" limits
  step "the run of the killed worker" is_crashed "$killed"
  step "next run" api run
  if [ -n "${SLOW_CPUS:-}" ]; then
    step "all workers killed during a run" workers_die_in_a_run
    step "next run" api run
  fi
else
  echo "--  profile scale skipped: no image postgres:17-alpine"
  step "limits of a container" limits
fi
echo "all passed in $(ago "$began")"
