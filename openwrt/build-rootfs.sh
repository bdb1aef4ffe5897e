#!/bin/sh
# Builds the Debian tree in which Lory runs on a router, on a PC: a tar.gz, its SHA-256 and the
# list of what is in it. Nothing is compiled on the router.
set -eu

usage() {
    cat <<'USAGE'
usage: openwrt/build-rootfs.sh [--arch arm64] [--suite bookworm] [--mirror URL]
                               [--cpu FLAGS] [--wheels DIR] OUTPUT.tar.gz

  --arch    Debian architecture of the box (default arm64). A foreign one needs
            qemu-user-static with binfmt, and compiling llama.cpp under it is slow.
  --suite   Debian suite with Python 3.11 or newer (default bookworm)
  --mirror  Debian mirror, or a sources.list file (default: mmdebstrap's own)
  --cpu     llama.cpp's target, for example armv8.2-a+dotprod (default on arm64: all RK3588
            cores have it; a Cortex-A72 has not, use armv8-a)
  --wheels  take wheels for that architecture from DIR first, above all llama-cpp-python,
            so that it need not be compiled. With all wheels there, PIP_NO_INDEX=1 works.

Needs mmdebstrap, and root or subordinate ids. pip follows your own PIP_* variables.
USAGE
}

die() { printf '%s\n' "build-rootfs: $*" >&2; exit 1; }

arch=arm64 suite=bookworm mirror='' cpu='' wheels='' output=''
while [ $# -gt 0 ]; do
    case "$1" in
        --arch | --suite | --mirror | --cpu | --wheels)
            [ $# -ge 2 ] || { usage >&2; exit 2; }
            case "$1" in
                --arch) arch=$2 ;;
                --suite) suite=$2 ;;
                --mirror) mirror=$2 ;;
                --cpu) cpu=$2 ;;
                --wheels) wheels=$(CDPATH='' cd -- "$2" && pwd) || exit 2 ;;
            esac
            shift
            ;;
        -h | --help) usage; exit 0 ;;
        -*) usage >&2; exit 2 ;;
        *) [ -z "$output" ] || { usage >&2; exit 2; }; output=$1 ;;
    esac
    shift
done
[ -n "$output" ] || { usage >&2; exit 2; }
case "$output" in *.tar.gz) ;; *) die "OUTPUT must end in .tar.gz, which busybox can unpack" ;; esac
command -v mmdebstrap >/dev/null || die 'mmdebstrap is needed: apt install mmdebstrap'
[ -n "$cpu" ] || [ "$arch" != arm64 ] || cpu=armv8.2-a+dotprod

project=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
tree=${output%.tar.gz}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# mmdebstrap sets no file's clock later than this, so that a tar does not depend on the hour.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$project" log -1 --format=%ct)}
LORY_SOURCE=$work/source
export SOURCE_DATE_EPOCH LORY_SOURCE
mkdir "$LORY_SOURCE"
git -C "$project" archive HEAD | tar -x -C "$LORY_SOURCE"
if [ -n "$wheels" ]; then cp -r "$wheels" "$LORY_SOURCE/wheels"; else mkdir "$LORY_SOURCE/wheels"; fi

case "$cpu" in
    '') cmake_args=-DGGML_NATIVE=OFF ;;
    *) cmake_args="-DGGML_NATIVE=OFF -DGGML_CPU_ARM_ARCH=$cpu" ;;
esac
# The input method's core is C too; all tools leave the tree again.
tools='gcc libc6-dev python3-dev'
case "$(ls "$LORY_SOURCE/wheels")" in
    *llama_cpp_python*) ;;
    *) tools="$tools g++ cmake ninja-build" ;;
esac

# Runs inside the tree; everything that varies from run to run is removed at its end.
cat >"$work/inside.sh" <<INSIDE
set -eu
groupadd -g 7388 lory
useradd -u 7388 -g 7388 -d /var/lib/lory -M -s /usr/sbin/nologin lory
mkdir -p /etc/lory /var/lib/lory /run/lory
apt-get install -y --no-install-recommends $tools
python3 -m venv /opt/lory/venv
cd /source
CMAKE_ARGS='$cmake_args' /opt/lory/venv/bin/python -m appliance.provision.pip install \\
    --no-cache-dir --no-compile --find-links /source/wheels /source
cd /
/opt/lory/venv/bin/pip freeze --exclude lory >/opt/lory/packages.txt
apt-get purge -y --autoremove $tools
dpkg-query -W >>/opt/lory/packages.txt
# Byte code checked by hash: the tree is read-only on the box, and times do not matter.
/opt/lory/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash \\
    /opt/lory/venv/lib /usr/lib/python3 /usr/lib/python3.* || true
/opt/lory/venv/bin/lory --help >/dev/null
rm -rf /source /inside.sh /root/.cache /var/lib/apt/lists /var/cache /var/log \\
    /usr/share/man /usr/share/locale
# The licences stay.
find /usr/share/doc -type f ! -name copyright -delete
find /usr/share/doc -type d -empty -delete
mkdir -p /var/cache /var/log
INSIDE

# mmdebstrap's shell expands the hooks: $1 is the tree.
# shellcheck disable=SC2016
mmdebstrap --arch="$arch" --variant=minbase --format=tar \
    --include=python3-minimal,python3-venv,libpython3-stdlib,libportaudio2,libgomp1,libstdc++6,ca-certificates \
    --customize-hook='cp -r "$LORY_SOURCE" "$1/source"' \
    --customize-hook="copy-in $work/inside.sh /" \
    --customize-hook='chroot "$1" /bin/sh /inside.sh' \
    --customize-hook="download /opt/lory/packages.txt $tree.packages.txt" \
    "$suite" "$work/rootfs.tar" ${mirror:+"$mirror"}
gzip -n -9 <"$work/rootfs.tar" >"$output"
(cd "$(dirname -- "$output")" && sha256sum "$(basename -- "$output")") >"$output.sha256"
printf '%s\n' "$output: $(du -h "$output" | cut -f1), unpacked $(du -h "$work/rootfs.tar" | cut -f1)"
cat "$output.sha256"
