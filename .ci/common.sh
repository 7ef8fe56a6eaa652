# SPDX-License-Identifier: Apache-2.0
# Sourced by run, check and .ci/run: packages and builds.

build_packages="gcc make autoconf automake pkg-config libc6-dev libssl-dev liblz4-dev libzstd-dev libxxhash-dev libcjson-dev
	libexpat1-dev libpcre2-dev libedit-dev zlib1g-dev libbrotli-dev libutf8proc-dev libgmp-dev libjemalloc-dev"
run_packages="postgresql-client curl"
test_packages="libpq-dev perl postgresql-client curl diffutils gzip python3 python3-clickhouse-driver"

say() { printf '\n\033[1m== %s\033[0m\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Installs the packages that are missing. Elsewhere than on Debian it says so and goes on.
need_packages() {
	local p missing=() sudo=
	command -v dpkg-query >/dev/null || { echo "not a Debian system: expecting the tools and libraries to be there" >&2; return 0; }
	for p in "$@"; do
		dpkg-query -W -f '${Status}\n' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
	done
	[ ${#missing[@]} = 0 ] && return 0
	say "installing ${missing[*]}"
	[ "$(id -u)" = 0 ] || sudo=sudo
	[ -z "$sudo" ] || command -v sudo >/dev/null || die "run as root or install sudo; missing: ${missing[*]}"
	export DEBIAN_FRONTEND=noninteractive
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
		{ $sudo apt-get update -qq >&2 &&
		$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; } ||
		die "could not install: ${missing[*]}"
}

# build_in DIR CFLAGS CONFIGURE_OPTION…: configures once, then makes what is out of date.
build_in() {
	local dir=$1 cflags=$2 cc=${CC:-gcc}
	shift 2
	command -v ccache >/dev/null && case $cc in ccache*) ;; *) cc="ccache $cc" ;; esac
	if [ ! -x configure ] || [ configure.ac -nt configure ] || [ Makefile.am -nt Makefile.in ]; then
		say "autoreconf"
		autoreconf -fi >"${TMPDIR:-/var/tmp}/autoreconf.$$.log" 2>&1 ||
			{ cat "${TMPDIR:-/var/tmp}/autoreconf.$$.log" >&2; die "autoreconf failed"; }
		rm -f "${TMPDIR:-/var/tmp}/autoreconf.$$.log"
	fi
	mkdir -p "$dir"
	if [ ! -f "$dir/Makefile" ]; then
		say "configure in $dir"
		(cd "$dir" && ../configure -q CC="$cc" CFLAGS="$cflags" "$@") || die "configure failed: see $dir/config.log"
	fi
	say "make in $dir ($(nproc) jobs)"
	make -C "$dir" -s --no-print-directory -j"$(nproc)" || die "make failed"
}
