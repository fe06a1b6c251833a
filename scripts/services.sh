#!/usr/bin/env bash
#
# Runs a command beside throw-away PostgreSQL and MariaDB servers, with PgBouncer
# before the first:
#
#   scripts/services.sh run -- go test ./...
#   scripts/services.sh run --in-memory -- go test ./...
#
# The servers live in a temporary directory, listen on free loopback ports and
# are gone when the command ends, however it ends. With --in-memory the directory
# is in memory if there is room: the servers wait for no disk then. What the tests
# need is handed to the command in its environment:
#
#   OCTAVO_TEST_POSTGRES  URL of a PostgreSQL server, whose user may create databases
#   OCTAVO_TEST_MYSQL     URL of a MariaDB server, likewise
#   OCTAVO_TEST_PGBOUNCER              URL of a PgBouncer for PostgreSQL, in session mode
#   OCTAVO_TEST_PGBOUNCER_TRANSACTION  the same in transaction mode
#   OCTAVO_TEST_CHROMIUM  path of the browser
#   OCTAVO_TEST_REQUIRE   which of postgresql,mysql,pgbouncer,chromium the tests must not skip
#
#   scripts/services.sh serve postgresql|mysql DIRECTORY PORT
#
# is for tests that end servers: it becomes a server of its own, whose data lie in
# the directory, and that may be killed and started again. The user, the password
# and the database are those of the others.
#
# A variable that is already set is left alone and its service is not started, so
# calls may be nested and the tests may be pointed at another server. On Debian
# and its kin, whatever is missing is installed if that takes no password;
# otherwise its tests are skipped, unless OCTAVO_TEST_REQUIRE names it already.
#
# The exit status is the command's own, or 1 when a service could not be started.
# It takes Linux and bash 4.4.
set -euo pipefail

dir=          # holds the data and the logs of the servers
in_memory=    # not empty where that may be in memory
pids=()       # the servers started here
bouncers=()   # those of them that are PgBouncer
as_server=()  # prefix that starts a server: detached, unprivileged, gone if this script is killed
postgres=     # paths of the programs, empty when missing
initdb=
pgbouncer=
mariadbd=
mariadb_install_db=
chromium=
missing=()

say() { printf 'services: %s\n' "$*" >&2; }

die() {
	say "$*"
	exit 1
}

# find_program NAME... prints the path of the first one there is, or nothing.
# Debian keeps servers where PATH does not lead.
find_program() {
	local path
	for path in $(type -P "$@") /usr/lib/postgresql/*/bin /usr/sbin; do
		[[ -d $path ]] && path+=/$1
		if [[ -x $path ]]; then
			echo "$path"
			return
		fi
	done
}

find_programs() {
	postgres=$(find_program postgres)
	initdb=$(find_program initdb)
	pgbouncer=$(find_program pgbouncer)
	mariadbd=$(find_program mariadbd)
	mariadb_install_db=$(find_program mariadb-install-db)
	[[ $(find_program my_print_defaults) ]] || mariadb_install_db= # which calls it
	chromium=${OCTAVO_TEST_CHROMIUM:-$(find_program chromium chromium-browser google-chrome)}

	missing=()
	[[ ${OCTAVO_TEST_POSTGRES:-} || ($postgres && $initdb) ]] || missing+=(postgresql)
	[[ ${OCTAVO_TEST_PGBOUNCER:-} || $pgbouncer ]] || missing+=(pgbouncer)
	[[ ${OCTAVO_TEST_MYSQL:-} || ($mariadbd && $mariadb_install_db) ]] || missing+=(mysql)
	[[ $chromium ]] || missing+=(chromium)
}

is_missing() { [[ " ${missing[*]} " == *" $1 "* ]]; }

install_missing() {
	local root=() packages=() service
	[[ ${#missing[@]} -gt 0 ]] && type -P apt-get >/dev/null || return 0
	if [[ $EUID -ne 0 ]]; then
		sudo -n true 2>/dev/null || return 0
		root=(sudo -n)
	fi

	for service in "${missing[@]}"; do
		case $service in
		postgresql | pgbouncer) packages+=("$service") ;;
		mysql) packages+=(mariadb-server-core mariadb-client-core) ;; # without the system's service
		chromium) packages+=(chromium fonts-dejavu-core) ;;
		esac
	done
	say "installing ${packages[*]} with apt-get, for the tests"
	apt_install "${packages[@]}" >&2 || say "apt-get failed"
	find_programs
}

# apt_install PACKAGE... leaves no server running that nobody asked for: Debian
# makes and starts them on installation unless it is told not to.
apt_install() {
	local conf=/etc/postgresql-common/createcluster.d/octavo-tests.conf policy=/usr/sbin/policy-rc.d status=0
	local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)
	"${root[@]}" mkdir -p "${conf%/*}"
	echo 'create_main_cluster = false' | "${root[@]}" tee "$conf" >/dev/null
	if [[ -e $policy ]]; then
		policy=
	else
		printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
		"${root[@]}" chmod +x "$policy"
	fi
	"${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "$@" || status=$?
	"${root[@]}" rm -f "$conf" ${policy:+"$policy"}
	return "$status"
}

# announce prints a block that is hard to overlook when tests will be skipped.
announce() {
	[[ ${#missing[@]} -gt 0 ]] || return 0
	local rule='############################################################################'
	printf '%s\n' "$rule" \
		"#  NOT TESTED HERE: ${missing[*]}" \
		"#  Missing, and not installed: that takes Debian's apt-get, and root or a sudo" \
		"#  that asks for no password. Tests that need them are skipped." \
		"$rule" >&2
}

# home_of_servers prints the directory that theirs is made in. In memory they take
# some hundred megabytes.
home_of_servers() {
	local room=0
	[[ ! $in_memory || ! -w /dev/shm ]] || room=$(df --output=avail --block-size=1G /dev/shm | tail -n 1)
	if ((room >= 4)); then
		echo /dev/shm
	else
		echo "${TMPDIR:-/tmp}"
	fi
}

prepare_servers() {
	[[ ${#as_server[@]} -eq 0 ]] || return 0
	[[ $dir ]] || dir=$(mktemp -d "$(home_of_servers)/octavo-services.XXXXXX")
	as_server=(setsid setpriv --pdeathsig QUIT)
	if [[ $EUID -eq 0 ]]; then # PostgreSQL refuses to run as root
		chown nobody "$dir"
		as_server+=(--reuid "$(id -u nobody)" --regid "$(id -g nobody)" --clear-groups)
	fi
	as_server+=(-- env "HOME=$dir" LC_ALL=C)
}

# set_up LOG PROGRAM ARGUMENT... runs a program that has to succeed as the servers' user.
set_up() {
	if ! "${as_server[@]}" "${@:2}" >"$1" 2>&1; then
		cat "$1" >&2
		die "$2 failed"
	fi
}

# start LOG PROGRAM ARGUMENT... leaves a server running that accepts connections.
# It fails if the server ends before, as when its port was taken meanwhile.
start() {
	local log=$1 pid tenths
	: >"$log" # it is looked into before the server may have begun it
	"${as_server[@]}" "${@:2}" >"$log" 2>&1 </dev/null &
	pid=$!
	pids+=("$pid")
	for ((tenths = 0; tenths < 1200; tenths++)); do
		if grep -Eq 'ready (for|to accept) connections|process up: PgBouncer' "$log"; then
			return 0
		fi
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.1
	done
	cat "$log" >&2
	say "$2 did not start"
	return 1
}

# free_port prints a port that nobody listens on, below the range that the kernel
# gives to outgoing connections.
free_port() {
	local port
	while port=$((20000 + RANDOM % 12000)); do
		if ! (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
			echo "$port"
			return
		fi
	done
}

# init_postgresql DATA LOG makes the data of a server.
init_postgresql() {
	local data=$1 log=$2
	set_up "$log" "$initdb" --pgdata="$data" --username=postgres --encoding=UTF8 --locale=C.UTF-8 \
		--auth-local=peer --auth-host=scram-sha-256 --no-sync
	set_up "$log" "$postgres" --single -D "$data" postgres <<-'SQL'
		CREATE ROLE octavo LOGIN CREATEDB PASSWORD 'secret'
		CREATE DATABASE octavo OWNER octavo
	SQL
}

# postgresql_on DATA PORT prints the command that serves the data.
postgresql_on() {
	printf '%s\n' "$postgres" -D "$1" -h 127.0.0.1 -p "$2" \
		-c unix_socket_directories= -c max_connections=200 -c fsync=on
}

start_postgresql() {
	prepare_servers
	local data=$dir/postgresql log=$dir/postgresql.log port command
	init_postgresql "$data" "$log"
	for _ in 1 2 3; do
		port=$(free_port)
		mapfile -t command < <(postgresql_on "$data" "$port")
		if start "$log" "${command[@]}"; then
			export OCTAVO_TEST_POSTGRES="postgres://octavo:secret@127.0.0.1:$port/octavo?sslmode=disable"
			say "PostgreSQL on port $port"
			return
		fi
	done
	die "PostgreSQL could not be started"
}

# start_pgbouncer MODE VARIABLE starts PgBouncer as it comes, but for its mode, before
# the PostgreSQL of the tests.
start_pgbouncer() {
	local mode=$1 variable=$2 log port
	[[ $OCTAVO_TEST_POSTGRES =~ ^postgres://([^:]+):([^@]+)@([^:/]+):([0-9]+)/ ]] ||
		die "OCTAVO_TEST_POSTGRES names no user, password, host and port"
	prepare_servers
	log=$dir/pgbouncer-$mode.log
	"${as_server[@]}" tee "$dir/pgbouncer.users" >/dev/null <<<"\"${BASH_REMATCH[1]}\" \"${BASH_REMATCH[2]}\""
	for _ in 1 2 3; do
		port=$(free_port)
		"${as_server[@]}" tee "$dir/pgbouncer-$mode.ini" >/dev/null <<-INI
			[databases]
			* = host=${BASH_REMATCH[3]} port=${BASH_REMATCH[4]}
			[pgbouncer]
			listen_addr = 127.0.0.1
			listen_port = $port
			unix_socket_dir =
			auth_file = $dir/pgbouncer.users
			pool_mode = $mode
		INI
		if start "$log" "$pgbouncer" "$dir/pgbouncer-$mode.ini"; then
			bouncers+=("${pids[-1]}")
			export "$variable=postgres://${BASH_REMATCH[1]}:${BASH_REMATCH[2]}@127.0.0.1:$port/octavo?sslmode=disable"
			say "PgBouncer in $mode mode on port $port"
			return
		fi
	done
	die "PgBouncer could not be started"
}

# init_mariadb DATA LOG makes the data of a server, and beside them what it is to run
# on start.
init_mariadb() {
	local data=$1 log=$2
	set_up "$log" "$mariadb_install_db" --no-defaults --datadir="$data" --skip-test-db \
		--auth-root-authentication-method=socket --auth-root-socket-user=nobody
	"${as_server[@]}" mkdir -p "$data.tmp"
	"${as_server[@]}" tee "$data.sql" >/dev/null <<-'SQL'
		CREATE DATABASE IF NOT EXISTS octavo;
		CREATE USER IF NOT EXISTS octavo@'%' IDENTIFIED BY 'secret';
		GRANT ALL ON *.* TO octavo@'%';
	SQL
}

# mariadb_on DATA PORT prints the command that serves the data. While InnoDB moves what its
# cache has of a FULLTEXT index into tables, queries miss some of it for milliseconds: the
# cache has room for all that a test writes. A server that starts removes other servers'
# tables from a directory for temporary ones that they share, so each has its own.
mariadb_on() {
	printf '%s\n' "$mariadbd" --no-defaults --datadir="$1" --socket="$1.sock" --tmpdir="$1.tmp" \
		--pid-file="$1.pid" --bind-address=127.0.0.1 --port="$2" --skip-name-resolve \
		--max-connections=200 --character-set-server=utf8mb4 --init-file="$1.sql" \
		--innodb-ft-cache-size=80000000
}

start_mariadb() {
	prepare_servers
	local data=$dir/mariadb log=$dir/mariadb.log port command
	init_mariadb "$data" "$log"
	for _ in 1 2 3; do
		port=$(free_port)
		mapfile -t command < <(mariadb_on "$data" "$port")
		if start "$log" "${command[@]}"; then
			export OCTAVO_TEST_MYSQL="mysql://octavo:secret@127.0.0.1:$port/octavo"
			say "MariaDB on port $port"
			return
		fi
	done
	die "MariaDB could not be started"
}

# serve SERVICE DIRECTORY PORT becomes a server. It makes its data where there are none.
serve() {
	local service=$1 port=$3 command
	dir=$2
	[[ $EUID -ne 0 ]] || chown nobody "$dir"
	prepare_servers
	case $service in
	postgresql)
		[[ -e $dir/data ]] || init_postgresql "$dir/data" "$dir/init.log"
		mapfile -t command < <(postgresql_on "$dir/data" "$port")
		;;
	mysql)
		[[ -e $dir/data ]] || init_mariadb "$dir/data" "$dir/init.log"
		mapfile -t command < <(mariadb_on "$dir/data" "$port")
		;;
	esac
	exec "${as_server[@]}" "${command[@]}"
}

start_services() {
	local service required=${OCTAVO_TEST_REQUIRE:-}
	[[ ${OCTAVO_TEST_POSTGRES:-} ]] || is_missing postgresql || start_postgresql
	[[ ${OCTAVO_TEST_MYSQL:-} ]] || is_missing mysql || start_mariadb

	if [[ ${OCTAVO_TEST_POSTGRES:-} && ! ${OCTAVO_TEST_PGBOUNCER:-} ]] && ! is_missing pgbouncer; then
		start_pgbouncer session OCTAVO_TEST_PGBOUNCER
		start_pgbouncer transaction OCTAVO_TEST_PGBOUNCER_TRANSACTION
	fi

	for service in postgresql mysql pgbouncer chromium; do
		[[ ,$required, == *,$service,* ]] || is_missing "$service" || required+=,$service
	done
	export OCTAVO_TEST_REQUIRE=${required#,} OCTAVO_TEST_CHROMIUM=$chromium
}

# shellcheck disable=SC2317 # called by the trap
stop_services() {
	local pid tenths
	trap '' INT TERM # once begun, it is finished
	kill -TERM "${bouncers[@]}" 2>/dev/null || true
	for pid in "${pids[@]}"; do
		kill -QUIT "$pid" 2>/dev/null || true # both other servers take it as: stop now
	done
	for pid in "${pids[@]}"; do
		for ((tenths = 0; tenths < 300; tenths++)); do
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.1
		done
		kill -KILL "$pid" 2>/dev/null || true
	done
	[[ -z $dir ]] || rm -rf "$dir"
	announce
}

# run_command COMMAND... returns the status of the command, which has a process
# group of its own: a signal to this script is passed on to all of it, and the
# servers outlive it. The second signal ends what the first could not.
run_command() {
	local child status=0 signal=INT
	set -m
	"$@" </dev/null &
	child=$!
	set +m
	trap 'kill -"$signal" -- "-$child" 2>/dev/null; signal=KILL' INT TERM HUP
	wait "$child" || status=$?
	while kill -0 "$child" 2>/dev/null; do # the wait was cut short by a signal
		status=0
		wait "$child" || status=$?
	done
	return "$status"
}

main() {
	if [[ $# -eq 4 && $1 == serve && " postgresql mysql " == *" $2 "* ]]; then
		find_programs
		serve "${@:2}"
	fi
	if [[ ${1:-} == run && ${2:-} == --in-memory ]]; then
		in_memory=yes
		set -- run "${@:3}"
	fi
	if [[ $# -lt 3 || $1 != run || $2 != -- ]]; then
		say 'usage: scripts/services.sh run [--in-memory] -- COMMAND [ARGUMENT]...'
		say '       scripts/services.sh serve postgresql|mysql DIRECTORY PORT'
		exit 2
	fi
	trap stop_services EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	find_programs
	install_missing
	announce
	start_services
	run_command "${@:3}"
}

main "$@"
exit # bash reads a script as it goes: what is edited meanwhile must not be run
