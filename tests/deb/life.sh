#!/usr/bin/env bash
# life.sh OLDER NEWER SCHOOL - a package's whole life in a bare Debian, without a network
# and without systemd as process 1.
#
# OLDER is installed already.  A school configures it and raises an alarm; then upgrade,
# removal, installation again, purge, and a first installation once more.  SCHOOL: the
# folder with what the school writes.
set -euo pipefail
older=$1 newer=$2 school=$3
etc=/etc/campus-gateway
state=/var/lib/campus-gateway
wants=/etc/systemd/system/multi-user.target.wants
sockets=/etc/systemd/system/sockets.target.wants

fail() {
    echo "deb: $*" >&2
    tail -n 20 /tmp/gateway.log /tmp/broker.log /var/log/mosquitto/* /tmp/apt.log >&2 2>/dev/null
    exit 1
}

# until WHAT COMMAND... - tries for 30 s.
until_true() {
    local what=$1
    shift
    for _ in {1..300}; do
        if "$@" >/dev/null 2>&1; then return 0; fi
        sleep 0.1
    done
    fail "not within 30 s: $what"
}

apt_get() {
    apt-get -qq -y "$@" >/tmp/apt.log 2>&1 || fail "apt-get $*"
}

gateway_start() {
    systemd-tmpfiles --create campus-gateway.conf
    setpriv --reuid campus-gateway --regid campus-gateway --init-groups \
        campus-gatewayd --config $etc >>/tmp/gateway.log 2>&1 &
    gateway=$!
    until_true "the gateway answers" campusctl status
}

gateway_stop() {
    kill "$gateway"
    wait "$gateway" || fail "the gateway ended with status $?"
}

page() {
    exec 3<>/dev/tcp/127.0.0.1/8080
    printf 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
    head -n 1 <&3 | grep -q '^HTTP/1.1 200 '
}

alarm_is() {
    campusctl --json alarms | grep -q "\"state\": *\"$1\""
}

# ours [TEST]... - every file that has our name; the broker's copies are the school's own.
ours() {
    find / -xdev -name '*campus*' -not -path '/tmp/*' -not -path '/deb/*' -not -path '/school-tests/*' \
        -not -path '/etc/mosquitto/*' "$@" | sort
}

installed() {
    dpkg-query -W -f '${Status} ${Version}' campus-gateway | grep -q "^install ok installed $1"
}

enabled() {
    [ -L $wants/campus-gateway.service ]
}

# --- as it comes out of the box ------------------------------------------------------------
installed 0.0.9 || fail "the older package is not there"
enabled || fail "the service would not start with the machine"
[ "$(stat -c %U:%a $state)" = campus-gateway:750 ] || fail "the state folder is $(stat -c %U:%a $state)"
campus-gatewayd --config $etc --check || fail "the examples do not pass the check"
gateway_start
page || fail "the page is not reachable"
[ "$(stat -c %U $state/campus.db)" = campus-gateway ] || fail "the database is not the user's"
setpriv --reuid nobody --regid nogroup --clear-groups campusctl status >/dev/null 2>&1 &&
    fail "anybody may speak to the gateway"
gateway_stop

# --- a school makes it its own -------------------------------------------------------------
cp /usr/share/campus-gateway/mosquitto/campus.conf /etc/mosquitto/conf.d/
cp /usr/share/campus-gateway/mosquitto/campus.acl /etc/mosquitto/
install -d -o mosquitto /run/mosquitto
mosquitto -c /etc/mosquitto/mosquitto.conf >/tmp/broker.log 2>&1 &
until_true "the broker answers" mosquitto_pub -h 127.0.0.1 -t x -m x
cp -r "$school/." $etc/
sed -i 's/^  title: .*/  title: 我们的学校/' $etc/gateway.yaml
rm $etc/devices.d/example.yaml
campus-gatewayd --config $etc --check || fail "the school's files do not pass the check"
find $etc -type f | sort | xargs sha256sum >/tmp/written
gateway_start
mosquitto_pub -h 127.0.0.1 -q 1 -t security/panic-gate -m pressed
until_true "the panic button raises its alarm" alarm_is unacknowledged
campusctl ack TF-01@panic-gate >/dev/null
until_true "the alarm is acknowledged" alarm_is acknowledged
gateway_stop

# as_it_was - everything that was written and measured is there.
as_it_was() {
    sha256sum --quiet -c /tmp/written || fail "after the $1: what the school wrote is changed"
    [ ! -e $etc/devices.d/example.yaml ] || fail "after the $1: what the school deleted is back"
    gateway_start
    alarm_is acknowledged || fail "after the $1: the alarm is not as it was: $(campusctl alarms)"
    gateway_stop
}

# --- upgrade, removal, again ---------------------------------------------------------------
apt_get install "$newer"
installed "$(dpkg-deb --field "$newer" Version)" || fail "the upgrade did not install"
[ "$(cat $etc/rules/air.yaml)" != 'rules: []' ] || fail "the upgrade left an old rule"
as_it_was upgrade

apt_get remove campus-gateway
[ ! -e /usr/bin/campus-gatewayd ] || fail "the removal left the daemon"
[ -s $state/campus.db ] || fail "the removal took the database"
sha256sum --quiet -c /tmp/written || fail "the removal took what the school wrote"
left=$(ours -not -path "$state/*" -not -path '*/dpkg/info/*' -not -path '/var/lib/systemd/deb-systemd-helper-*' | tr '\n' ' ')
[ "$left" = "$etc $etc/campus.yaml $wants/campus-gateway.service $wants/campus-gpio-holder.service $sockets/campus-gpio-holder.socket /run/campus-gateway $state " ] ||
    fail "the removal left: $left"

apt_get install "$newer"
as_it_was "installation again"

# --- purge ---------------------------------------------------------------------------------
apt_get purge campus-gateway
left=$(ours)
[ -z "$left" ] || fail "the purge left: $left"
left=$(grep -lr campus-gateway /etc --exclude-dir mosquitto | sort | tr '\n' ' ')
[ "$left" = "/etc/group /etc/gshadow /etc/passwd /etc/shadow " ] || fail "the purge left words in: $left"

# --- a first installation once more --------------------------------------------------------
apt_get install "$newer"
cmp $etc/gateway.yaml /usr/share/campus-gateway/examples/gateway.yaml || fail "not the example"
gateway_start
campusctl alarms | grep -q panic && fail "an alarm outlived the purge"
gateway_stop
echo "deb: Debian $(cat /etc/debian_version): $(basename "$older") and $(basename "$newer"):" \
    "install, start, upgrade, remove, purge, reinstall hold"
