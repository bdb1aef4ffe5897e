#!/bin/sh
# Installs Lory as a service on Debian and its kin: a venv in /opt/lory, models in /var/lib/lory,
# the confined unit. Run it again to upgrade. With DESTDIR set it only stages the files.
set -eu

usage() {
    cat <<'USAGE'
usage: systemd/install.sh [--no-apt] [--no-models | --models DIR] [--set NAME] [--no-start]

  --no-apt      install no system packages (python3-venv, libportaudio2, a compiler)
  --no-models   fetch no models now; later: lory models fetch
  --models DIR  import models from DIR, for example a USB stick, instead of the network
  --set NAME    the model set: router, default or rk3588 (default: what fits this machine)
  --no-start    enable the service but do not start it

Needs root, systemd and Python 3.11 or newer. Fetching models is the only step that needs a
network besides pip and apt; the service itself never has one.
USAGE
}

say() { printf '%s\n' "lory: $*"; }
die() { printf '%s\n' "lory: $*" >&2; exit 1; }

apt=yes models=fetch source_dir='' set_name='' start=yes
while [ $# -gt 0 ]; do
    case "$1" in
        --no-apt) apt=no ;;
        --no-models) models=no ;;
        --models) [ $# -ge 2 ] || { usage >&2; exit 2; }; models=import; source_dir=$2; shift ;;
        --set) [ $# -ge 2 ] || { usage >&2; exit 2; }; set_name=$2; shift ;;
        --no-start) start=no ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
project=$(dirname -- "$here")
root=${DESTDIR:-}

install_files() {
    install -D -m 0644 "$here/lory.service" "$root/etc/systemd/system/lory.service"
    for unit in lory-helper.socket lory-helper.service; do
        install -D -m 0644 "$here/$unit" "$root/etc/systemd/system/$unit"
    done
    install -D -m 0644 "$here/lory.sysusers" "$root/etc/sysusers.d/lory.conf"
    install -D -m 0644 "$here/lory.tmpfiles" "$root/etc/tmpfiles.d/lory.conf"
    install -D -m 0644 "$here/lory.modules" "$root/etc/modules-load.d/lory.conf"
    install -D -m 0644 "$here/60-lory-i2c.rules" "$root/etc/udev/rules.d/60-lory-i2c.rules"
    for page in README.md README.zh.md LICENSE NOTICE.md; do
        install -D -m 0644 "$project/$page" "$root/opt/lory/doc/$page"
    done
}

install_packages() {
    command -v apt-get >/dev/null || { say 'no apt here: install Python venv, PortAudio, a C++ compiler and CMake yourself'; return; }
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        python3-venv python3-dev libportaudio2 g++ cmake ninja-build
}

find_python() {
    for candidate in python3.13 python3.12 python3.11 python3; do
        if command -v "$candidate" >/dev/null &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            command -v "$candidate"
            return
        fi
    done
    die 'Python 3.11 or newer is needed'
}

install_venv() {
    python=$(find_python)
    # The service's user reads it and must never write it.
    umask 022
    [ -x /opt/lory/venv/bin/python ] || "$python" -m venv /opt/lory/venv
    say 'installing Python packages; llama-cpp-python is compiled for this CPU, which takes minutes'
    (cd "$project" &&
        /opt/lory/venv/bin/python -m appliance.provision.pip install --upgrade "${project}[fetch]")
}

as_lory() {
    # runuser keeps the environment, so the caller's HOME and XDG_* must not leak in.
    runuser -u lory -- env -i LORY_SERVICE=1 HOME=/var/lib/lory \
        PATH=/opt/lory/venv/bin:/usr/bin:/bin LANG=C.UTF-8 "$@"
}

install_models() {
    case $models in
        import) as_lory /opt/lory/venv/bin/lory models import "$source_dir" ;;
        fetch) as_lory /opt/lory/venv/bin/lory models fetch ${set_name:+"$set_name"} ;;
        no) say 'no models fetched; later: lory models fetch' ;;
    esac
}

if [ -n "$root" ]; then
    install_files
    exit 0
fi

[ "$(id -u)" -eq 0 ] || die 'needs root: sudo systemd/install.sh'
[ -d /run/systemd/system ] || die 'systemd is not running here'
if [ "$models" = import ] && [ ! -d "$source_dir" ]; then die "no such directory: $source_dir"; fi

if [ "$apt" = yes ]; then install_packages; fi
install_files
systemd-sysusers lory.conf
systemd-tmpfiles --create lory.conf
for module in $(grep -v '^#' "$here/lory.modules"); do
    modprobe "$module" 2>/dev/null || say "kernel module $module is not available"
done
udevadm control --reload && udevadm trigger --subsystem-match=i2c-dev
install_venv
install_models

if [ ! -e /etc/lory/lory.toml ]; then
    LORY_SERVICE=1 /opt/lory/venv/bin/lory setup --yes --config /etc/lory/lory.toml ||
        { say 'no panel found yet; connect it, then run: lory setup'; start=no; }
fi
systemctl daemon-reload
systemctl enable lory.service
systemctl enable --now lory-helper.socket
if [ "$start" = yes ]; then systemctl restart lory.service; fi
say 'done; look at it with: systemctl status lory, /opt/lory/venv/bin/lory doctor'
